package dev.perennial.lora.tensor;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;

/**
 * A new array of 32-bit floats that is filled part by part: its values need to be nowhere else, and there may be more of
 * them than the 2 GiB that the engine takes at once. In memory that the engine aligned, as {@link Torch#floats} makes it.
 */
public final class FilledArray {
    private final PtNDArray array;
    private long filled;

    public FilledArray(PtNDManager memory, long... shape) {
        this.array = memory.create(new Shape(shape), DataType.FLOAT32);
    }

    /**
     * Copies the next values, in row-major order.
     *
     * @param values little-endian, outside the heap, from the first byte to the limit
     */
    public void put(ByteBuffer values) {
        long count = values.limit() / Float.BYTES;
        if (filled + count > array.size()) {
            throw new IllegalArgumentException(
                    "%d values are too many for an array of %s".formatted(filled + count, array.getShape()));
        }
        try (PtNDManager staging = Torch.within(array.getManager())) {
            PtNDArray flat = JniUtils.reshape(array, new long[] {array.size()}); // a view
            flat.attach(staging);
            PtNDArray part = staging.create(values, new Shape(count), DataType.FLOAT32);
            JniUtils.indexSet(flat, part, new long[] {filled}, new long[] {filled + count}, new long[] {1});
        }
        filled += count;
    }

    /** The array, in the scope it was made in. */
    public PtNDArray array() {
        if (filled != array.size()) {
            throw new IllegalStateException("an array of %s got %d values only".formatted(array.getShape(), filled));
        }
        return array;
    }
}
