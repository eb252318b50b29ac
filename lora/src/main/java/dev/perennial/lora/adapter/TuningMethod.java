package dev.perennial.lora.adapter;

/** What of a model is trained. */
public sealed interface TuningMethod {
    /**
     * Low-rank adapters beside frozen linears (Hu et al., arXiv:2106.09685).
     *
     * @param quantized whether the frozen linears are held in four bits while training (QLoRA, Dettmers et al.,
     *     arXiv:2305.14314)
     */
    record Lora(LoraSettings settings, boolean quantized) implements TuningMethod {}

    /**
     * Keys and values before every text, in every layer (Li and Liang, arXiv:2101.00190, without reparametrisation).
     *
     * @param tokens virtual tokens, n
     */
    record Prefix(int tokens) implements TuningMethod {
        private static final int MAX_TOKENS = 4096;

        public Prefix {
            if (tokens < 1 || tokens > MAX_TOKENS) {
                throw new IllegalArgumentException(
                        "a prefix must have 1 to %d tokens, not %d".formatted(MAX_TOKENS, tokens));
            }
        }
    }

    /**
     * The model's own weights.
     *
     * @param norms whether the layers' norms are trained too
     * @param embeddings whether the word, position and type embeddings are; a head that is tied to the words follows
     */
    record Full(boolean norms, boolean embeddings) implements TuningMethod {}

    /** Nothing but the head: the classifier's, or a language model's projection to its vocabulary. */
    record HeadOnly() implements TuningMethod {}

    static TuningMethod lora(LoraSettings settings) {
        return new Lora(settings, false);
    }

    /** Over a base in four bits (QLoRA, Dettmers et al., arXiv:2305.14314). */
    static TuningMethod qlora(LoraSettings settings) {
        return new Lora(settings, true);
    }

    /** Whether training holds the base's linears in four bits. */
    default boolean quantizesBase() {
        return this instanceof Lora lora && lora.quantized();
    }

    /** Positions that texts lose. */
    default int prefixTokens() {
        return this instanceof Prefix prefix ? prefix.tokens() : 0;
    }
}
