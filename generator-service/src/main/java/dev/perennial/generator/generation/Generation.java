package dev.perennial.generator.generation;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A generation run as it was asked for, with what its first attempt settled.
 *
 * @param wanted samples by label
 * @param settled null until the first attempt has found everything it needs
 * @param progressedAt when it last came forward, at first when it was asked for
 */
record Generation(
        String generationId,
        String model,
        int specVersion,
        long seed,
        Map<String, Integer> wanted,
        @Nullable Settled settled,
        Instant progressedAt) {
    Generation {
        wanted = Map.copyOf(wanted);
    }

    int requested() {
        return wanted.values().stream().mapToInt(Integer::intValue).sum();
    }
}
