package dev.perennial.registry.gateway;

import dev.perennial.common.artifact.ArtifactRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the database says about a model's traffic.
 *
 * @param sequence of the model's last change
 * @param rollout number of the last rollout; salts the routing
 * @param standby the version that a rollback would go to, kept loaded so that it can take over at once
 */
record Wanted(
        String model,
        long sequence,
        int rollout,
        @Nullable Version live,
        @Nullable Version canary,
        int canaryPercent,
        @Nullable Version standby) {
    /** A version and what to load for it. */
    record Version(int version, String baseModel, ArtifactRef adapter) {}

    /** Everything to keep loaded, what has traffic first. */
    List<Version> all() {
        return Stream.of(Optional.ofNullable(live), Optional.ofNullable(canary), Optional.ofNullable(standby))
                .flatMap(Optional::stream)
                .toList();
    }
}
