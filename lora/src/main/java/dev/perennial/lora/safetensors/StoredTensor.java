package dev.perennial.lora.safetensors;

import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor that goes into a file: what the header says of it, and its bytes, which are made when their turn comes.
 *
 * @param content exactly as many bytes as type and shape call for, little-endian
 */
public record StoredTensor(ElementType type, List<Long> shape, Replacement.Content content) {
    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /**
     * Real numbers in one of their types, the nearest it has and of two equally near the even one.
     *
     * @param type F32, F16 or BF16
     * @param values asked for once each time the tensor is written
     */
    public static StoredTensor floats(ElementType type, List<Long> shape, Supplier<Tensor> values) {
        FloatEncoding encoding = FloatEncoding.of(type);
        return new StoredTensor(type, shape, out -> {
            Tensor tensor = values.get();
            if (!tensor.shape().equals(shape)) {
                throw new IllegalStateException("a tensor announced as %s is %s".formatted(shape, tensor.shape()));
            }
            encoding.write(out, tensor.values());
        });
    }

    /** How many bytes the content has. */
    public long bytes() {
        return Math.multiplyExact(Tensor.size(shape), (long) type.bytes);
    }
}
