package dev.perennial.common.artifact;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A reference to an immutable directory in the {@link ArtifactStore}.
 *
 * @param sha256 digest over the sorted relative names and contents of its files; also its address
 * @param bytes total size of the files
 */
public record ArtifactRef(String sha256, long bytes) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public ArtifactRef {
        Objects.requireNonNull(sha256, "sha256");
        if (!HEX.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256 must be 64 lower-case hex digits, not '" + sha256 + "'");
        }
    }
}
