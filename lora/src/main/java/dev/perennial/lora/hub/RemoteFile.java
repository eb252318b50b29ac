package dev.perennial.lora.hub;

import dev.perennial.lora.model.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A file of a model as the hub announces it.
 *
 * @param name relative, with slashes
 * @param checksum of a large file the SHA-256 of its content, of a small one git's name for it: the SHA-1 of
 *     {@code "blob <size>\0"} and its content
 */
record RemoteFile(String name, long size, Kind kind, String checksum) {
    enum Kind {
        LARGE("SHA-256"),
        GIT("SHA-1");

        final String algorithm;

        Kind(String algorithm) {
            this.algorithm = algorithm;
        }
    }

    /** Whether a file on disk has the announced content. */
    boolean isIn(Path file) throws IOException {
        MessageDigest digest = Digests.of(kind.algorithm);
        if (kind == Kind.GIT) {
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(checksum);
    }
}
