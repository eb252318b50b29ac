package dev.perennial.lora.adapter;

import dev.perennial.lora.model.BasePrecision;

/** What of a model is trained. */
public sealed interface TuningMethod {
    /**
     * Low-rank adapters beside frozen linears (Hu et al., arXiv:2106.09685).
     *
     * @param base what the frozen linears are held in while training; {@link BasePrecision#FLOAT32} for what the model is
     *     open in, whatever that is
     */
    record Lora(LoraSettings settings, BasePrecision base) implements TuningMethod {}

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

    /** Over the base as it is open. */
    static TuningMethod lora(LoraSettings settings) {
        return new Lora(settings, BasePrecision.FLOAT32);
    }

    /** Over a base in four bits (QLoRA, Dettmers et al., arXiv:2305.14314). */
    static TuningMethod qlora(LoraSettings settings) {
        return new Lora(settings, BasePrecision.NF4);
    }

    /** What training holds the base's linears in. */
    default BasePrecision basePrecision() {
        return this instanceof Lora lora ? lora.base() : BasePrecision.FLOAT32;
    }

    /** Positions that texts lose. */
    default int prefixTokens() {
        return this instanceof Prefix prefix ? prefix.tokens() : 0;
    }
}
