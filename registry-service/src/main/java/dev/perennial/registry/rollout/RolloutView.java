package dev.perennial.registry.rollout;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rollout with the evidence gathered so far. */
record RolloutView(
        int number,
        int version,
        int stableVersion,
        String state,
        int percent,
        int step,
        List<Integer> steps,
        Instant started,
        Instant stepStarted,
        @Nullable Instant ended,
        @Nullable String pausedBy,
        @Nullable String cause,
        String reason,
        Arm canary,
        Arm stable) {}
