package dev.perennial.scheduler.round;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a round, kept until a round can answer it.
 *
 * @param id of the alarm or command, so that the same one is kept once
 * @param driftVersion the version whose traffic drifted, for an alarm
 * @param samplesPerLabel what to generate first; empty goes straight to the training set
 */
record Trigger(
        String id,
        String model,
        Cause cause,
        String reason,
        @Nullable Integer driftVersion,
        Map<String, Integer> samplesPerLabel,
        Instant at) {
    Trigger {
        samplesPerLabel = Map.copyOf(samplesPerLabel);
    }
}
