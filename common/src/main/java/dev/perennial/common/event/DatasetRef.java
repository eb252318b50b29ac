package dev.perennial.common.event;

import dev.perennial.common.artifact.ArtifactRef;
import java.util.Objects;

/**
 * An immutable training set: {@code train.jsonl}, {@code validation.jsonl} and {@code manifest.json}.
 *
 * @param samples training and validation samples together
 */
public record DatasetRef(ArtifactRef artifact, int samples) {
    public DatasetRef {
        Objects.requireNonNull(artifact);
    }
}
