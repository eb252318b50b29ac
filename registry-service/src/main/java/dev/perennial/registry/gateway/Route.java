package dev.perennial.registry.gateway;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a model's requests go. Immutable; a change is a new route.
 *
 * @param sequence of the change that it shows
 * @param held every version that is kept loaded, by number
 */
record Route(
        String model,
        long sequence,
        String salt,
        Held live,
        @Nullable Held canary,
        int canaryPercent,
        Map<Integer, Held> held) {
    Route {
        held = Map.copyOf(held);
    }

    /** Whether this is at least as new, and holds as much, as a route to this change would be. */
    boolean shows(long otherSequence, Set<Integer> versions) {
        return sequence > otherSequence
                || (sequence == otherSequence && held.keySet().containsAll(versions));
    }

    /** The version that answers this caller. */
    Held pick(String key) {
        Held challenger = canary;
        return challenger != null && Sticky.place(salt, key) < canaryPercent * (Sticky.PLACES / 100)
                ? challenger
                : live;
    }
}
