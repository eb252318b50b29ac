package dev.perennial.trainer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The trainer's settings.
 *
 * @param checkpointEvery how much work a killed worker may lose
 * @param progressEvery least time between two progress events of a run, but for the ends of its epochs
 * @param concurrentRuns runs that this process does at once; at least as many as the slots it serves
 */
@ConfigurationProperties(prefix = "perennial.trainer", ignoreUnknownFields = false)
public record TrainerSettings(Duration checkpointEvery, Duration progressEvery, Integer concurrentRuns) {
    public TrainerSettings(
            @Nullable Duration checkpointEvery, @Nullable Duration progressEvery, @Nullable Integer concurrentRuns) {
        this.checkpointEvery = checkpointEvery == null ? Duration.ofSeconds(3) : checkpointEvery;
        this.progressEvery = progressEvery == null ? Duration.ofMillis(500) : progressEvery;
        this.concurrentRuns = concurrentRuns == null ? 1 : concurrentRuns;
        if (this.checkpointEvery.isNegative() || this.progressEvery.isNegative()) {
            throw new IllegalArgumentException(
                    "perennial.trainer: checkpoint-every and progress-every must not be negative");
        }
        if (this.concurrentRuns < 1) {
            throw new IllegalArgumentException("perennial.trainer.concurrent-runs must be at least 1");
        }
    }
}
