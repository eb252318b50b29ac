package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.List;
import java.util.Map;

/**
 * The weights of a model of any family. They are never written to: a method that trains some of them puts arrays of its
 * own in their place, and the forward pass over the result gives these their gradients. Safe for many threads.
 */
public interface ModelWeights {
    /** All linears of the layers, from the first layer up: what can carry an adapter. */
    List<Linear> linears();

    /** What a prefix must fit. */
    AttentionShape attention();

    /** Tokens of the longest text with the prefix before it. */
    int maxPositions();

    /**
     * Tokens of the longest text behind a prefix.
     *
     * @throws IllegalArgumentException if a prefix leaves room for no text
     */
    default int textTokens(int prefixTokens) {
        // an encoder's text has a token at either end, and a decoder's first one is not predicted
        int longest = maxPositions() - 2;
        if (prefixTokens > 0 && prefixTokens > longest) {
            throw new IllegalArgumentException(
                    "a prefix of %d tokens leaves too few of the model's %d positions to texts: it may have at most %d"
                            .formatted(prefixTokens, maxPositions(), longest));
        }
        return maxPositions() - prefixTokens;
    }

    /** Which layer a weight belongs to, by its name. */
    WeightNames names();

    /**
     * Every array under its Hugging Face name, from the embeddings up: embeddings, norms, weights and biases of linears,
     * the head if it is no other's. They belong to the model. A linear's weight in
     * fewer than 32 bits is not among them.
     */
    Map<String, PtNDArray> arrays();

    /**
     * The same model with some arrays replaced; all others are shared with this one, nothing is copied. Where a head is
     * tied to the word embeddings, their replacement is the head too, and its gradient the sum of both uses.
     *
     * @param replacements by names of {@link #arrays()}, each of the shape of what it replaces; they stay the caller's
     * @throws IllegalArgumentException if a name or a shape is none of the model's
     */
    ModelWeights with(Map<String, PtNDArray> replacements);

    /**
     * The same model with the weight of every layer's linear in another precision; embeddings, norms, biases and the head
     * stay as they are and are shared. Nothing of this model is freed. In {@link BasePrecision#FLOAT32} weights stay in
     * what they are held in.
     *
     * @param memory where the narrow weights are kept
     * @throws IllegalArgumentException if a weight is not finite or beyond the precision's range, if the model is held in
     *     another precision below 32 bits, or if the process' device cannot compute in the one that is asked for
     */
    ModelWeights in(BasePrecision precision, PtNDManager memory);
}
