package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.TokenIds;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens that a batch of texts has so far, so that each further token costs one token's work. For
 * inference only, and for one thread at a time. Texts of different lengths stay filled up where they were: the fill is
 * masked for good, and a text's next token takes the position after its own last one.
 */
public final class KeyValueCache implements AutoCloseable {
    private final DecoderConfig config;
    private final PtNDManager memory;
    private final @Nullable PtNDArray[] keys; // [B,K,S,E] for each layer
    private final @Nullable PtNDArray[] values;
    private int[] lengths = {}; // tokens of each text
    private final List<boolean[]> columns = new ArrayList<>(); // S: in which texts it holds a token
    private int prefix; // tokens before every text, [B,K,S,E] starts with them
    private boolean filled; // some column holds none in some text

    public KeyValueCache(DecoderModel model) {
        this.config = model.config();
        this.memory = Torch.within(model.memory());
        this.keys = new PtNDArray[config.layers()];
        this.values = new PtNDArray[config.layers()];
    }

    /**
     * The next tokens of the texts, to be run through the decoder once. The first call starts the texts.
     *
     * @param next at least one token for each text
     */
    public DecoderBatch next(PtNDManager scope, List<long[]> next) {
        int t = DecoderBatch.longest(next);
        if (columns.isEmpty()) {
            lengths = new int[next.size()];
        } else if (lengths.length != next.size()) {
            throw new IllegalArgumentException(
                    "the cache is of %d texts, not of %d".formatted(lengths.length, next.size()));
        }
        boolean causal = columns.isEmpty() && t > 1; // what fills up a text comes after all that can look at it
        int[][] positions = positions(next, t);
        PtNDArray ids = TokenIds.padded(scope, next, t, config.vocabulary());
        grow(next, t);
        PtNDArray mask = causal || (t == 1 && !filled) ? null : mask(scope, next.size(), t);
        return new DecoderBatch(ids, positions, Rope.at(scope, config, positions), causal, mask, this);
    }

    private int[][] positions(List<long[]> next, int t) {
        int[][] positions = new int[next.size()][t];
        for (int i = 0; i < positions.length; i++) {
            DecoderBatch.requirePositions(config, lengths[i] + next.get(i).length);
            int first = lengths[i];
            int last = first + next.get(i).length - 1;
            Arrays.setAll(positions[i], j -> Math.min(first + j, last));
        }
        return positions;
    }

    private void grow(List<long[]> next, int t) {
        for (int j = 0; j < t; j++) {
            boolean[] column = new boolean[next.size()];
            for (int i = 0; i < column.length; i++) {
                column[i] = j < next.get(i).length;
                filled |= !column[i];
            }
            columns.add(column);
        }
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] += next.get(i).length;
        }
    }

    /** A token looks at the tokens before it and at itself, fill or not: a row of nothing has no softmax. */
    private PtNDArray mask(PtNDManager scope, int b, int t) {
        int s = columns.size();
        float[] mask = new float[b * t * s];
        Arrays.fill(mask, DecoderBatch.MASKED);
        for (int i = 0; i < b; i++) {
            for (int j = 0; j < t; j++) {
                int own = s - t + j;
                for (int column = 0; column <= own; column++) {
                    if (column == own || columns.get(column)[i]) {
                        mask[(i * t + j) * s + column] = 0;
                    }
                }
            }
        }
        return Torch.floats(scope, mask, b, 1, t, s);
    }

    /** A prefix comes before the first tokens of all texts, and is remembered with them. */
    void requirePrefix(int tokens) {
        if (!holds(0)) {
            prefix = tokens;
        } else if (prefix != tokens) {
            throw new IllegalStateException(
                    "the texts began after a prefix of %d tokens, they cannot go on after one of %d"
                            .formatted(prefix, tokens));
        }
    }

    boolean holds(int layer) {
        return keys[layer] != null;
    }

    /** The layer's keys so far with the new ones after them, [B,K,T,E] to [B,K,S,E], a prefix first; they belong to the cache. */
    PtNDArray keys(int layer, PtNDArray added) {
        return extend(keys, layer, added);
    }

    PtNDArray values(int layer, PtNDArray added) {
        return extend(values, layer, added);
    }

    private PtNDArray extend(@Nullable PtNDArray[] layers, int layer, PtNDArray added) {
        PtNDArray before = layers[layer];
        PtNDArray all = before == null ? JniUtils.clone(added) : JniUtils.cat(new PtNDArray[] {before, added}, 2);
        if (all.getShape().get(2) != prefix + columns.size()) {
            all.close();
            throw new IllegalStateException("every batch of a cache must be run exactly once, in its order");
        }
        all.attach(memory);
        if (before != null) {
            before.close();
        }
        layers[layer] = all;
        return all;
    }

    /**
     * Goes on with some of the texts only, and forgets the others.
     *
     * @param texts their indices, in the order that they are to have
     */
    public void keep(int... texts) {
        for (int text : texts) {
            Objects.checkIndex(text, lengths.length);
        }
        lengths = Arrays.stream(texts).map(text -> lengths[text]).toArray();
        columns.replaceAll(column -> {
            boolean[] kept = new boolean[texts.length];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = column[texts[i]];
            }
            return kept;
        });
        for (int i = 0; i < keys.length; i++) {
            keys[i] = kept(keys[i], texts);
            values[i] = kept(values[i], texts);
        }
    }

    private @Nullable PtNDArray kept(@Nullable PtNDArray array, int[] texts) {
        if (array == null) {
            return null;
        }
        try (PtNDManager scope = Torch.within(memory)) {
            array.attach(scope); // freed with the slices
            PtNDArray[] rows = Arrays.stream(texts)
                    .mapToObj(text -> JniUtils.slice(array, 0, text, text + 1L, 1))
                    .toArray(PtNDArray[]::new);
            PtNDArray kept = JniUtils.cat(rows, 0);
            kept.attach(memory);
            return kept;
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
