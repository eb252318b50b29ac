package dev.perennial.registry.gateway;

import dev.perennial.common.artifact.ArtifactCorruptException;
import dev.perennial.common.artifact.ArtifactMissingException;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.registry.rollout.Releases;
import dev.perennial.registry.serving.AdapterRefusedException;
import dev.perennial.registry.serving.ServingBackend;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads versions for the routing table. */
final class VersionLoader {
    private static final Logger log = LoggerFactory.getLogger(VersionLoader.class);

    private final ArtifactStore artifacts;
    private final ServingBackend backend;
    private final Releases releases;

    VersionLoader(ArtifactStore artifacts, ServingBackend backend, Releases releases) {
        this.artifacts = artifacts;
        this.backend = backend;
        this.releases = releases;
    }

    /**
     * Loads a version; the caller holds it. A canary that never will load is taken back, a standby is done without, and
     * a live version is an error: then the route stays as it was.
     */
    Optional<Held> load(Wanted target, Wanted.Version version) {
        try {
            return Optional.of(
                    new Held(version.version(), backend.load(version.baseModel(), artifacts.open(version.adapter()))));
        } catch (AdapterRefusedException | ArtifactCorruptException | ArtifactMissingException e) {
            log.error("version.unloadable model={} version={}", target.model(), version.version(), e);
            if (version.equals(target.live())) {
                throw e;
            }
            if (version.equals(target.canary())) {
                releases.unloadable(target.model(), version.version(), "it does not load: " + e.getMessage());
            }
            return Optional.empty();
        }
    }
}
