package dev.perennial.lora.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 of a sequence of texts and bytes; a text is preceded by its length. */
public final class Digest {
    private final MessageDigest digest = Digests.sha256();

    public Digest add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        digest.update(bytes);
        return this;
    }

    public Digest add(int number) {
        return add(ByteBuffer.allocate(4).putInt(number).flip());
    }

    public Digest add(ByteBuffer bytes) {
        digest.update(bytes);
        return this;
    }

    /** Ends it. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
