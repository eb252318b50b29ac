package dev.perennial.lora.safetensors;

import java.nio.ByteBuffer;
import java.util.Optional;

/** From real numbers as they are stored to 32-bit floats: exact, but for F64, which is rounded. */
@FunctionalInterface
interface Widening {
    /**
     * Widens a part.
     *
     * @param raw all of it, little-endian; may be the same memory as {@code floats} if no value has another width
     */
    void widen(ByteBuffer raw, ByteBuffer floats);

    /** Empty if the type is none of real numbers. */
    static Optional<Widening> of(ElementType type) {
        return switch (type) {
            case F32 -> Optional.of((_, _) -> {});
            case F16 ->
                Optional.of((raw, floats) -> {
                    for (int i = 0; i < raw.limit() / Short.BYTES; i++) {
                        floats.putFloat(i * Float.BYTES, Float.float16ToFloat(raw.getShort(i * Short.BYTES)));
                    }
                });
            case BF16 ->
                Optional.of((raw, floats) -> {
                    for (int i = 0; i < raw.limit() / Short.BYTES; i++) {
                        floats.putInt(i * Float.BYTES, raw.getShort(i * Short.BYTES) << 16);
                    }
                });
            case F64 ->
                Optional.of((raw, floats) -> {
                    for (int i = 0; i < raw.limit() / Double.BYTES; i++) {
                        floats.putFloat(i * Float.BYTES, (float) raw.getDouble(i * Double.BYTES));
                    }
                });
            default -> Optional.empty();
        };
    }
}
