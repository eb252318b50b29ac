package dev.perennial.common.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One metric on one set, all in [0, 1].
 *
 * @param base of the untuned base
 * @param live of the live version, or null when nothing was live
 */
public record SetScore(
        String set,
        String metric,
        int samples,
        double candidate,
        double base,
        @Nullable Double live) {
    public SetScore {
        Objects.requireNonNull(set);
        Objects.requireNonNull(metric);
    }
}
