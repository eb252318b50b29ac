package dev.perennial.registry.gateway;

import java.time.Duration;
import java.time.Instant;

/**
 * An answer that was given. The text is not kept.
 *
 * @param keyHash of what the routing went by
 */
public record Prediction(
        String requestId,
        String model,
        int version,
        String label,
        double confidence,
        long keyHash,
        Duration latency,
        Instant at) {}
