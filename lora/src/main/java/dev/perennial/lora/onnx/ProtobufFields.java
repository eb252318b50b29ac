package dev.perennial.lora.onnx;

import dev.perennial.lora.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one protobuf message without a schema (protobuf.dev, "Encoding"): {@code next()}, then read or
 * skip the value.
 */
final class ProtobufFields {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer message;
    private int wireType;

    ProtobufFields(ByteBuffer message) {
        this.message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The number of the next field, or 0 at the end. */
    int next() {
        if (!message.hasRemaining()) {
            return 0;
        }
        long tag = rawVarint();
        wireType = (int) (tag & 7);
        return (int) (tag >>> 3);
    }

    boolean isBytes() {
        return wireType == BYTES;
    }

    long varint() {
        require(VARINT);
        return rawVarint();
    }

    ByteBuffer bytes() {
        require(BYTES);
        return take(rawVarint());
    }

    String text() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    void skip() {
        switch (wireType) {
            case VARINT -> rawVarint();
            case FIXED64 -> take(8);
            case BYTES -> take(rawVarint());
            case FIXED32 -> take(4);
            default -> throw new ModelFormatException("not a protobuf message: wire type " + wireType);
        }
    }

    boolean hasRemaining() {
        return message.hasRemaining();
    }

    long rawVarint() {
        long value = 0;
        for (int shift = 0; shift < 64 && message.hasRemaining(); shift += 7) {
            byte part = message.get();
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new ModelFormatException("not a protobuf message: broken number");
    }

    private ByteBuffer take(long length) {
        if (length < 0 || length > message.remaining()) {
            throw new ModelFormatException("not a protobuf message: a field goes beyond the end");
        }
        ByteBuffer part = message.slice(message.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        message.position(message.position() + (int) length);
        return part;
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw new ModelFormatException("not an ONNX file: unexpected wire type " + wireType);
        }
    }
}
