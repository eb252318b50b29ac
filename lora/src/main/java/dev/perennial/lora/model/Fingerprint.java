package dev.perennial.lora.model;

import dev.perennial.lora.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passes weights on and hashes what it saw, so that the same weights have the same name whatever file they were in. */
public final class Fingerprint implements WeightSource {
    private final WeightSource source;
    private final MessageDigest digest;

    public Fingerprint(WeightSource source) {
        this.source = source;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Tensor tensor(String name) {
        return hashed(name, source.tensor(name));
    }

    @Override
    public Tensor tensor(String name, long... shape) {
        return hashed(name, source.tensor(name, shape));
    }

    private Tensor hashed(String name, Tensor tensor) {
        digest.update((name + tensor.shape()).getBytes(StandardCharsets.UTF_8));
        float[] values = tensor.values();
        byte[] bytes = new byte[1 << 16];
        int perChunk = bytes.length / Float.BYTES;
        for (int i = 0; i < values.length; i += perChunk) {
            int count = Math.min(perChunk, values.length - i);
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(values, i, count);
            digest.update(bytes, 0, count * Float.BYTES);
        }
        return tensor;
    }

    /** Of all weights that were read, in their order. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
