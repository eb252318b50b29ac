package dev.perennial.lora.safetensors;

/** Element types of the format that this library reads. */
public enum ElementType {
    BOOL(1),
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    F16(2),
    BF16(2),
    U32(4),
    I32(4),
    F32(4),
    U64(8),
    I64(8),
    F64(8);

    final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Whether values of this type are read as 32-bit floats. */
    public boolean real() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }
}
