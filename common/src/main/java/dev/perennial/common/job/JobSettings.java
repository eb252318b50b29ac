package dev.perennial.common.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How leased work is watched.
 *
 * @param heartbeat how often a worker says that it lives; a job is taken over after four missed ones
 * @param polling how often a worker looks for jobs of others
 */
@ConfigurationProperties(prefix = "perennial.jobs", ignoreUnknownFields = false)
public record JobSettings(Duration heartbeat, Duration polling) {
    public static final int MISSED_HEARTBEATS = 4;

    public JobSettings(@Nullable Duration heartbeat, @Nullable Duration polling) {
        this.heartbeat = heartbeat == null ? Duration.ofSeconds(2) : heartbeat;
        this.polling = polling == null ? Duration.ofMillis(500) : polling;
        if (!this.heartbeat.isPositive() || !this.polling.isPositive()) {
            throw new IllegalArgumentException("perennial.jobs: heartbeat and polling must be longer than nothing");
        }
    }
}
