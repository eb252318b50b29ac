package dev.perennial.common.artifact;

/** The store does not hold the referenced artifact. */
public final class ArtifactMissingException extends RuntimeException {
    ArtifactMissingException(ArtifactRef reference) {
        super("artifact " + reference.sha256() + " is not in the store");
    }
}
