package dev.perennial.lora.recipe;

/** How the learning rates fall from their peak to zero after the warm-up. */
public enum RateDecay {
    /** {@code 1 - p}, p the share of the steps after the warm-up that are done. */
    LINEAR,
    /** {@code (1 + cos(pi p)) / 2}: Loshchilov and Hutter, arXiv:1608.03983, without restarts. */
    COSINE
}
