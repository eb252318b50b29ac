package dev.perennial.lora.safetensors;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Takes the values of a tensor part after part, in their order, so that nobody has to hold all of them. */
@FunctionalInterface
public interface FloatParts {
    /** The most that a part has: enough that a call for each costs nothing, little enough to stay in a processor's cache. */
    int MAX_VALUES = 1 << 17;

    /**
     * Takes the next values, of which there is at least one.
     *
     * @param values 32-bit floats, little-endian and outside the heap, from the first byte to the limit; the next part
     *     overwrites them
     */
    void take(ByteBuffer values);

    /** Passes on what is on the heap already. */
    static void pass(float[] values, FloatParts parts) {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer part = buffer(arena, values.length);
            for (int from = 0; from < values.length; from += MAX_VALUES) {
                int count = Math.min(MAX_VALUES, values.length - from);
                part.asFloatBuffer().put(values, from, count);
                parts.take(part.slice(0, count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
    }

    /** Room for any part of a tensor. */
    static ByteBuffer buffer(Arena arena, long values) {
        long bytes = Math.min(values, MAX_VALUES) * Float.BYTES;
        return arena.allocate(bytes, Float.BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
