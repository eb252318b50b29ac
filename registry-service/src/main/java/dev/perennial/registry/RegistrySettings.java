package dev.perennial.registry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the registry and its gateway.
 *
 * @param maxAdapter largest adapter that may be imported, unpacked
 * @param slow an answer that takes longer counts against the version in a canary
 * @param recordQueue requests whose records may wait for the database before callers are held up
 * @param recordPatience how long a caller is held up before the request is refused
 * @param routePolling how often this process looks for traffic changes made by others
 * @param windowPolling how often rollouts are looked at without new evidence
 */
@ConfigurationProperties(prefix = "perennial.registry", ignoreUnknownFields = false)
public record RegistrySettings(
        DataSize maxAdapter,
        Duration slow,
        Integer recordQueue,
        Duration recordPatience,
        Duration routePolling,
        Duration windowPolling) {
    public RegistrySettings(
            @Nullable DataSize maxAdapter,
            @Nullable Duration slow,
            @Nullable Integer recordQueue,
            @Nullable Duration recordPatience,
            @Nullable Duration routePolling,
            @Nullable Duration windowPolling) {
        this.maxAdapter = maxAdapter == null ? DataSize.ofMegabytes(256) : maxAdapter;
        this.slow = slow == null ? Duration.ofSeconds(2) : slow;
        this.recordQueue = recordQueue == null ? 10_000 : recordQueue;
        this.recordPatience = recordPatience == null ? Duration.ofSeconds(5) : recordPatience;
        this.routePolling = routePolling == null ? Duration.ofMillis(250) : routePolling;
        this.windowPolling = windowPolling == null ? Duration.ofSeconds(1) : windowPolling;
        if (this.recordQueue < 1 || !this.routePolling.isPositive() || !this.windowPolling.isPositive()) {
            throw new IllegalArgumentException(
                    "perennial.registry: record-queue, route-polling and window-polling must be greater than nothing");
        }
    }
}
