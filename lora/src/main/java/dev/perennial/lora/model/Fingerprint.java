package dev.perennial.lora.model;

import dev.perennial.lora.safetensors.FloatParts;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** Passes weights on and hashes what it saw, so that the same weights have the same name whatever file they were in. */
public final class Fingerprint implements WeightSource {
    private final WeightSource source;
    private final MessageDigest digest;

    public Fingerprint(WeightSource source) {
        this.source = source;
        this.digest = Digests.sha256();
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
        begin(name, tensor.dimensions());
        FloatParts.pass(tensor.values(), digest::update);
        return tensor;
    }

    @Override
    public void read(String name, FloatParts parts, long... shape) {
        begin(name, shape);
        source.read(
                name,
                part -> {
                    digest.update(part.duplicate());
                    parts.take(part);
                },
                shape);
    }

    private void begin(String name, long... shape) {
        digest.update((name + Arrays.toString(shape)).getBytes(StandardCharsets.UTF_8));
    }

    /** Of all weights that were read, in their order. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
