package dev.perennial.common.artifact;

import java.nio.file.Path;

/** Where adapters and datasets are kept. Writes are idempotent and atomic; thread-safe. */
public interface ArtifactStore {

    /**
     * Copies a directory into the store.
     *
     * @return its reference; the same content always gives the same one
     * @throws java.io.UncheckedIOException when the store cannot be written; nothing is visible then
     */
    ArtifactRef store(Path directory);

    /**
     * A readable local directory with the artifact's files. The caller must not change it.
     *
     * @throws ArtifactMissingException when the store has no such artifact
     * @throws ArtifactCorruptException when the stored bytes no longer have the referenced hash
     */
    Path open(ArtifactRef reference);
}
