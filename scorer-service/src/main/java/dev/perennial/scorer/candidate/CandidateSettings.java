package dev.perennial.scorer.candidate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How candidates are taken in.
 *
 * @param concurrency consumer threads; more than the topic has partitions are idle
 * @param cohortPatience how long candidates that the encoder has to judge wait for more of their generation, once no more
 *     come; a generation that is complete does not wait
 * @param cohortSize most candidates that are judged together
 */
public record CandidateSettings(int concurrency, Duration cohortPatience, int cohortSize) {
    public CandidateSettings(
            @Nullable Integer concurrency, @Nullable Duration cohortPatience, @Nullable Integer cohortSize) {
        this(
                concurrency == null ? 2 : concurrency.intValue(),
                cohortPatience == null ? Duration.ofSeconds(15) : cohortPatience,
                cohortSize == null ? 5000 : cohortSize.intValue());
    }

    public CandidateSettings {
        if (concurrency < 1 || cohortSize < 1 || !cohortPatience.isPositive()) {
            throw new IllegalArgumentException(
                    "perennial.scorer: concurrency, cohort-size and cohort-patience must be above 0");
        }
    }
}
