package dev.perennial.common.artifact;

/** The stored files no longer have the hash that they were stored under. */
public final class ArtifactCorruptException extends RuntimeException {
    ArtifactCorruptException(ArtifactRef reference, String found) {
        super("artifact " + reference.sha256() + " is corrupt: its files now hash to " + found);
    }
}
