package dev.perennial.lora.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** 32-bit floats as the bytes of a file. */
public enum FloatEncoding {
    F32(ElementType.F32) {
        @Override
        void put(ByteBuffer out, float value) {
            out.putFloat(value);
        }

        @Override
        float rounded(float value) {
            return value;
        }

        @Override
        public Tensor rounded(Tensor tensor) {
            return tensor;
        }
    },
    F16(ElementType.F16) {
        @Override
        void put(ByteBuffer out, float value) {
            out.putShort(Float.floatToFloat16(value));
        }

        @Override
        float rounded(float value) {
            return Float.float16ToFloat(Float.floatToFloat16(value));
        }
    },
    BF16(ElementType.BF16) {
        @Override
        void put(ByteBuffer out, float value) {
            out.putShort((short) (Float.floatToRawIntBits(rounded(value)) >>> 16));
        }

        // Half of what is cut off, a bit less if the rest is even, carries into what is kept when it must.
        @Override
        float rounded(float value) {
            int bits = Float.floatToRawIntBits(value);
            if (Float.isNaN(value)) {
                return Float.intBitsToFloat((bits | 1 << 22) & 0xffff0000); // a carry could make it infinite
            }
            return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
        }
    };

    private final ElementType type;

    FloatEncoding(ElementType type) {
        this.type = type;
    }

    /** Of an element type; F64 cannot be written. */
    public static FloatEncoding of(ElementType type) {
        return switch (type) {
            case F32 -> F32;
            case F16 -> F16;
            case BF16 -> BF16;
            default -> throw new IllegalArgumentException("32-bit floats are not written as " + type);
        };
    }

    abstract void put(ByteBuffer out, float value);

    /** What reading gives back: the nearest value the type has, ties to even, infinite beyond its range. */
    abstract float rounded(float value);

    /** What reading a written tensor gives back; the tensor itself where nothing is lost. */
    public Tensor rounded(Tensor tensor) {
        float[] rounded = new float[tensor.values().length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = rounded(tensor.values()[i]);
        }
        return new Tensor(tensor.shape(), rounded);
    }

    void write(OutputStream out, float[] values) throws IOException {
        byte[] bytes = new byte[1 << 16];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            put(buffer, value);
            if (buffer.remaining() < type.bytes) {
                out.write(bytes, 0, buffer.position());
                buffer.clear();
            }
        }
        out.write(bytes, 0, buffer.position());
    }
}
