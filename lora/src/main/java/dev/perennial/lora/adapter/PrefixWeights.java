package dev.perennial.lora.adapter;

import dev.perennial.lora.Seeds;
import dev.perennial.lora.model.AttentionShape;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Random;

/**
 * The weights of prefix tuning (Li and Liang, arXiv:2101.00190) on the heap: keys and values of n tokens that come before
 * every text in every layer, trained themselves. As in peft 0.21.0 without {@code prefix_projection}: the paper trains
 * them through a network that is thrown away afterwards.
 *
 * @param embeddings [n,2LKE], L layers: of each token the keys of the first layer, its values, the keys of the second
 *     layer and so on, each head by head
 */
public record PrefixWeights(AttentionShape shape, Tensor embeddings) {
    /** Name of the tensor, here and in peft. */
    public static final String EMBEDDINGS = "prompt_embeddings";

    /** Far more tokens than anybody trains; texts lose as many positions. */
    static final int MAX_TOKENS = 1 << 14;

    public PrefixWeights {
        int tokens = embeddings.shape().isEmpty()
                ? 0
                : Math.toIntExact(embeddings.shape().getFirst());
        if (tokens < 1 || tokens > MAX_TOKENS || !embeddings.equalsShape(tokens, shape.width())) {
            throw new IllegalArgumentException("a prefix of up to %d tokens is [n,%d], not %s"
                    .formatted(MAX_TOKENS, shape.width(), embeddings.shape()));
        }
    }

    /** Drawn from the standard normal distribution as in peft. */
    public static PrefixWeights fresh(AttentionShape shape, int tokens, long seed) {
        if (tokens < 1 || tokens > MAX_TOKENS) {
            throw new IllegalArgumentException("a prefix has 1 to %d tokens, not %d".formatted(MAX_TOKENS, tokens));
        }
        float[] values = new float[Math.multiplyExact(tokens, shape.width())];
        Random random = new Random(Seeds.mix(seed, EMBEDDINGS.hashCode()));
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new PrefixWeights(shape, Tensor.of(values, tokens, shape.width()));
    }

    /** n. */
    public int tokens() {
        return Math.toIntExact(embeddings.shape().getFirst());
    }
}
