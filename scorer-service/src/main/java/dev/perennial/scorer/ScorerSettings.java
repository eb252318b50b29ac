package dev.perennial.scorer;

import dev.perennial.scorer.candidate.CandidateSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The scorer's settings.
 *
 * @param concurrency see {@link CandidateSettings#concurrency}
 * @param cohortPatience see {@link CandidateSettings#cohortPatience}
 * @param cohortSize see {@link CandidateSettings#cohortSize}
 */
@ConfigurationProperties(prefix = "perennial.scorer", ignoreUnknownFields = false)
record ScorerSettings(
        @Nullable Integer concurrency,
        @Nullable Duration cohortPatience,
        @Nullable Integer cohortSize) {

    CandidateSettings candidates() {
        return new CandidateSettings(concurrency, cohortPatience, cohortSize);
    }
}
