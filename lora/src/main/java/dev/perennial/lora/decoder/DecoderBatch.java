package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.KeyValues;
import dev.perennial.lora.model.TokenIds;
import dev.perennial.lora.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Texts, or the next tokens of texts, of up to T tokens as arrays. Shorter texts are filled up at their end: what fills
 * them comes after all that can look at it, so the causal mask hides it.
 *
 * @param ids [B,T], padded with zeros
 * @param positions of the T tokens, one row for all texts or one for each; what fills up a text has one of its tokens'
 * @param causal whether a token looks at those of the batch up to itself and at nothing else; there is no mask then
 * @param mask 0 for what a token may look at and a large negative number for the rest, [1 or B,1,T,S]; null if every token
 *     may look at all, or by {@code causal}
 * @param cache what is known of the tokens before, and remembers these; null if the texts start here and are not continued
 */
@SuppressWarnings("ArrayRecordComponent") // made here and read here; nobody compares batches
public record DecoderBatch(
        PtNDArray ids,
        int[][] positions,
        Rope rope,
        boolean causal,
        @Nullable PtNDArray mask,
        @Nullable KeyValueCache cache) {
    static final float MASKED = -1e9f;

    /** Whole texts, each of at least one token. */
    public static DecoderBatch of(PtNDManager scope, DecoderConfig config, List<long[]> texts) {
        int t = longest(texts);
        requirePositions(config, t);
        int[][] positions = {IntStream.range(0, t).toArray()};
        PtNDArray ids = TokenIds.padded(scope, texts, t, config.vocabulary());
        return new DecoderBatch(ids, positions, Rope.at(scope, config, positions), t > 1, null, null);
    }

    /** The same tokens after a prefix of so many: they take the positions after it, and each looks at all of it. */
    DecoderBatch behind(DecoderConfig config, int prefixTokens) {
        if (cache != null) {
            cache.requirePrefix(prefixTokens);
        }
        if (prefixTokens == 0) {
            return this;
        }
        int[][] later = Arrays.stream(positions)
                .map(row -> Arrays.stream(row).map(p -> p + prefixTokens).toArray())
                .toArray(int[][]::new);
        for (int[] row : later) {
            requirePositions(config, Arrays.stream(row).max().orElseThrow() + 1);
        }
        PtNDManager scope = ids.getManager();
        PtNDArray own = causal ? mask(scope, later[0].length) : mask;
        PtNDArray open = own == null ? null : KeyValues.openMask(own, prefixTokens);
        return new DecoderBatch(ids, later, Rope.at(scope, config, later), false, open, cache);
    }

    /** Whether nothing comes before these tokens in a layer, but for a prefix. */
    boolean startsTexts(int layer) {
        return cache == null || !cache.holds(layer);
    }

    private static PtNDArray mask(PtNDManager scope, int t) {
        float[] mask = new float[t * t];
        for (int i = 0; i < t; i++) {
            for (int j = i + 1; j < t; j++) {
                mask[i * t + j] = MASKED;
            }
        }
        return Torch.floats(scope, mask, 1, 1, t, t);
    }

    static int longest(List<long[]> texts) {
        if (texts.isEmpty() || texts.stream().anyMatch(text -> text.length == 0)) {
            throw new IllegalArgumentException("every text needs a token, and there must be a text");
        }
        return texts.stream().mapToInt(text -> text.length).max().orElseThrow();
    }

    static void requirePositions(DecoderConfig config, int tokens) {
        if (tokens > config.maxPositions()) {
            throw new IllegalArgumentException("a text of %d tokens is longer than the model's %d positions"
                    .formatted(tokens, config.maxPositions()));
        }
    }
}
