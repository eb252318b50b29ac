package dev.perennial.scheduler.round;

import dev.perennial.common.spec.ModelSpec;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same over a round's life.
 *
 * @param number counts a model's rounds from 1
 * @param reason in words, such as {@code drift: slow_wifi 12, gateway_offline 7}
 * @param driftVersion the version whose traffic drifted
 * @param spec as it was declared when the round was opened
 * @param seed of everything random in the round
 */
record RoundHead(
        String model,
        int number,
        Cause cause,
        String reason,
        @Nullable Integer driftVersion,
        int specVersion,
        ModelSpec spec,
        long seed) {}
