package dev.perennial.registry.rollout;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of rollouts, beside those of each model's spec.
 *
 * @param windowPolling how often rollouts are looked at without new evidence, to see windows end
 */
@ConfigurationProperties(prefix = "perennial.registry.rollout", ignoreUnknownFields = false)
public record RolloutSettings(Duration windowPolling) {
    public RolloutSettings(@Nullable Duration windowPolling) {
        this.windowPolling = windowPolling == null ? Duration.ofSeconds(1) : windowPolling;
        if (!this.windowPolling.isPositive()) {
            throw new IllegalArgumentException("perennial.registry.rollout.window-polling must be longer than nothing");
        }
    }
}
