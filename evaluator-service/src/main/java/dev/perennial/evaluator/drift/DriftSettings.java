package dev.perennial.evaluator.drift;

import org.jspecify.annotations.Nullable;

/**
 * How readily an alarm is raised.
 *
 * @param delta ADWIN's confidence. Measured at 0.05 on simulated answers: 2 false alarms in a million answers at an
 *     error rate of 5 %, 19 at 20 %; a jump from 5 % to 40 % is noticed after 34 answers (median; 59 in one case of ten)
 *     when 150 came before it, after 45 (90) when 100 did
 * @param checkEvery how many answers are taken in between two tests
 * @param minSamples answers by the live version before the first alarm
 * @param evidence answers since the rise began that an alarm waits for, so that it can name the labels that went bad
 * @param repeatAfter answers after an alarm at which it is raised again if the error rate is still up
 * @param minRise least rise of the error rate; with many answers even a rise that hurts nobody is beyond noise
 */
public record DriftSettings(
        Double delta, Integer checkEvery, Integer minSamples, Integer evidence, Integer repeatAfter, Double minRise) {
    public DriftSettings(
            @Nullable Double delta,
            @Nullable Integer checkEvery,
            @Nullable Integer minSamples,
            @Nullable Integer evidence,
            @Nullable Integer repeatAfter,
            @Nullable Double minRise) {
        this.delta = delta == null ? 0.05 : delta;
        this.checkEvery = checkEvery == null ? 1 : checkEvery;
        this.minSamples = minSamples == null ? 30 : minSamples;
        this.evidence = evidence == null ? 200 : evidence;
        this.repeatAfter = repeatAfter == null ? 1000 : repeatAfter;
        this.minRise = minRise == null ? 0.05 : minRise;
        if (!(this.delta > 0 && this.delta < 1)) {
            throw new IllegalArgumentException("perennial.evaluator.drift.delta must be between 0 and 1");
        }
        if (!(this.minRise >= 0 && this.minRise <= 1)) {
            throw new IllegalArgumentException("perennial.evaluator.drift.min-rise must be from 0 to 1");
        }
        if (this.checkEvery < 1 || this.minSamples < 1 || this.evidence < 1 || this.repeatAfter < 1) {
            throw new IllegalArgumentException(
                    "perennial.evaluator.drift: check-every, min-samples, evidence and repeat-after must be at least 1");
        }
    }

    /**
     * Whether an alarm, or its repetition, is decided now.
     *
     * @param sinceRise answers since the rise began
     * @param sinceAlarm answers since the last alarm about it, or null if there was none
     */
    boolean isDue(int sinceRise, @Nullable Integer sinceAlarm) {
        return sinceAlarm == null ? sinceRise >= evidence : sinceAlarm >= repeatAfter;
    }
}
