package dev.perennial.lora.model;

import dev.perennial.lora.safetensors.FloatParts;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Passes weights on and hashes what it saw, so that the same weights have the same name whatever file they were in. */
public final class Fingerprint implements WeightSource {
    private final WeightSource source;
    private final Digest digest = new Digest();

    public Fingerprint(WeightSource source) {
        this.source = source;
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
        FloatParts.pass(tensor.values(), digest::add);
        return tensor;
    }

    @Override
    public void read(String name, FloatParts parts, long... shape) {
        begin(name, shape);
        source.read(
                name,
                part -> {
                    digest.add(part.duplicate());
                    parts.take(part);
                },
                shape);
    }

    private void begin(String name, long... shape) {
        digest.add(ByteBuffer.wrap((name + Arrays.toString(shape)).getBytes(StandardCharsets.UTF_8)));
    }

    /** Of all weights that were read, in their order. */
    public String sha256() {
        return digest.hex();
    }
}
