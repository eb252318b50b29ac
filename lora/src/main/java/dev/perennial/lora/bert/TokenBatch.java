package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.KeyValues;
import dev.perennial.lora.model.TokenIds;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts of up to T tokens as arrays.
 *
 * @param ids [B,T], padded with zeros
 * @param mask 0 for a token and a large negative number for padding, [B,1,1,T], or for what comes before the text too, [B,1,1,n+T]; null if there is no padding
 * @param shares of each token in the text's vector, [B,1,T]
 */
public record TokenBatch(PtNDArray ids, @Nullable PtNDArray mask, PtNDArray shares) {
    private static final float MASKED = -1e9f;

    /** The same texts, each of whose tokens also looks at a prefix of so many. */
    TokenBatch behind(int prefixTokens) {
        if (mask == null || prefixTokens == 0) {
            return this;
        }
        return new TokenBatch(ids, KeyValues.openMask(mask, prefixTokens), shares);
    }

    /**
     * Takes texts to the scope's device.
     *
     * @throws IllegalArgumentException if a text has more tokens than the model positions, or a token that the model lacks
     */
    public static TokenBatch of(PtNDManager memory, BertConfig config, List<long[]> texts, Pooling pooling) {
        int b = texts.size();
        int t = texts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        if (t > config.maxPositions()) {
            throw new IllegalArgumentException(
                    "a text of %d tokens is longer than the model's %d positions".formatted(t, config.maxPositions()));
        }
        float[] mask = new float[b * t];
        float[] shares = new float[b * t];
        boolean padded = false;
        for (int i = 0; i < b; i++) {
            long[] text = texts.get(i);
            for (int j = 0; j < t; j++) {
                boolean padding = j >= text.length;
                mask[i * t + j] = padding ? MASKED : 0;
                shares[i * t + j] = padding ? 0 : pooling.share(j, text.length);
                padded |= padding;
            }
        }
        return new TokenBatch(
                TokenIds.padded(memory, texts, t, config.vocabulary()),
                padded ? Torch.floats(memory, mask, b, 1, 1, t) : null,
                Torch.floats(memory, shares, b, 1, t));
    }
}
