package dev.perennial.lora.model;

/**
 * What the weights of the layers' linears are held in. Embeddings, norms, biases and the head are always 32-bit floats, as
 * is everything that is trained and all that passes between the linears.
 */
public enum BasePrecision {
    /** 32-bit floats. */
    FLOAT32,

    /** IEEE 754 binary16: half the memory, 11 bits of precision, up to 65504. On the processor slower than 32 bits. */
    FLOAT16,

    /** The upper half of a 32-bit float: 8 bits of precision, the range of 32. On CUDA only. */
    BFLOAT16,

    /** 4-bit NormalFloat with double quantisation (Dettmers et al., arXiv:2305.14314): an eighth of the memory. */
    NF4
}
