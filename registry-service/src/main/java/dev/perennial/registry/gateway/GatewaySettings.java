package dev.perennial.registry.gateway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the gateway.
 *
 * @param slow an answer that takes longer counts against the version in a canary
 * @param recordQueue requests whose records may wait for the database before callers are held up
 * @param recordPatience how long a caller is held up before the request is refused
 * @param routePolling how often this process looks for traffic changes made by others
 */
@ConfigurationProperties(prefix = "perennial.registry.gateway", ignoreUnknownFields = false)
public record GatewaySettings(Duration slow, Integer recordQueue, Duration recordPatience, Duration routePolling) {
    public GatewaySettings(
            @Nullable Duration slow,
            @Nullable Integer recordQueue,
            @Nullable Duration recordPatience,
            @Nullable Duration routePolling) {
        this.slow = slow == null ? Duration.ofSeconds(2) : slow;
        this.recordQueue = recordQueue == null ? 10_000 : recordQueue;
        this.recordPatience = recordPatience == null ? Duration.ofSeconds(5) : recordPatience;
        this.routePolling = routePolling == null ? Duration.ofMillis(250) : routePolling;
        if (this.recordQueue < 1 || !this.routePolling.isPositive() || !this.slow.isPositive()) {
            throw new IllegalArgumentException(
                    "perennial.registry.gateway: slow, record-queue and route-polling must be greater than nothing");
        }
    }
}
