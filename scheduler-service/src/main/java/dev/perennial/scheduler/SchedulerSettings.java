package dev.perennial.scheduler;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The scheduler's settings.
 *
 * @param slots one name for each training run that may go on at the same time, such as {@code cpu-0} or {@code gpu-1}
 * @param stragglerPatience how long a round waits for the next of its generated samples before it goes on with those it
 *     has
 */
@ConfigurationProperties(prefix = "perennial.scheduler", ignoreUnknownFields = false)
public record SchedulerSettings(List<String> slots, Duration stragglerPatience) {
    public SchedulerSettings(@Nullable List<String> slots, @Nullable Duration stragglerPatience) {
        this.slots = slots == null ? List.of("cpu-0") : List.copyOf(slots);
        this.stragglerPatience = stragglerPatience == null ? Duration.ofMinutes(2) : stragglerPatience;
        if (this.slots.isEmpty()) {
            throw new IllegalArgumentException("perennial.scheduler.slots: name at least one slot, such as cpu-0");
        }
        if (!this.stragglerPatience.isPositive()) {
            throw new IllegalArgumentException("perennial.scheduler.straggler-patience must be longer than nothing");
        }
    }
}
