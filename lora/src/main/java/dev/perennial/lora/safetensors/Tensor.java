package dev.perennial.lora.safetensors;

import java.util.Arrays;
import java.util.List;

/** Values in row-major order with their shape; owned by whoever holds it and not to be changed. */
@SuppressWarnings("ArrayRecordComponent") // up to millions of floats: copies and lists are not affordable
public record Tensor(List<Long> shape, float[] values) {
    public Tensor {
        shape = List.copyOf(shape);
        if (size(shape) != values.length) {
            throw new IllegalArgumentException("shape %s does not hold %d values".formatted(shape, values.length));
        }
    }

    public static Tensor of(float[] values, long... shape) {
        return new Tensor(Arrays.stream(shape).boxed().toList(), values);
    }

    public long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    public boolean equalsShape(long... expected) {
        return Arrays.equals(dimensions(), expected);
    }

    /** The same shape and, bit for bit, the same values. */
    public boolean sameAs(Tensor other) {
        return shape.equals(other.shape) && Arrays.equals(values, other.values);
    }

    public boolean finite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** Elements of a shape; throws ArithmeticException beyond a long. */
    static long size(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
