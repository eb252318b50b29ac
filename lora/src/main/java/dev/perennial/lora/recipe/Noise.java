package dev.perennial.lora.recipe;

/**
 * Noise on the examples of a step, drawn anew each time. Validation sees none.
 *
 * @param share of the examples that get any; 0 is no noise. The usual rule is three in ten
 * @param tokens share of such a text's tokens that become random ones; the first and the last stay, and so does what a
 *     language model is to answer
 * @param embeddings size alpha of the noise on such a text's T embedded tokens of D floats: uniform in
 *     {@code +-alpha / sqrt(T D)} (NEFTune, Jain et al., arXiv:2310.05914)
 */
public record Noise(double share, double tokens, double embeddings) {
    public Noise {
        require(share >= 0 && share <= 1, "the share of noisy examples must be 0 to 1", share);
        require(tokens >= 0 && tokens < 1, "the share of noisy tokens must be at least 0 and below 1", tokens);
        require(
                embeddings >= 0 && embeddings <= 1000,
                "the noise on embeddings must be 0 to 1000 (5 to 15 is usual)",
                embeddings);
        require(
                share == 0 == (tokens == 0 && embeddings == 0),
                "noise needs a share of the examples and a share of tokens or a size on embeddings",
                share);
    }

    private static void require(boolean valid, String rule, double value) {
        if (!valid) {
            throw new IllegalArgumentException(rule + ", not " + value);
        }
    }

    public static Noise none() {
        return new Noise(0, 0, 0);
    }

    /** On three examples in ten: a tenth of their tokens, and alpha 5 on their embeddings. */
    public static Noise usual() {
        return new Noise(0.3, 0.1, 5);
    }
}
