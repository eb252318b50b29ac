package dev.perennial.lora.half;

/** A floating-point number of 16 bits. */
public enum HalfType {
    /** IEEE 754 binary16: 11 bits of precision, up to 65504. */
    FLOAT16(5),
    /** The upper half of a 32-bit float: 8 bits of precision, the range of 32 bits. */
    BFLOAT16(15);

    /** The number of the type in PyTorch's scripts (c10::ScalarType). */
    final int number;

    HalfType(int number) {
        this.number = number;
    }
}
