package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.tensor.Torch;
import java.util.Arrays;
import java.util.List;

/**
 * Texts that grow together, token by token or in larger parts, each token at the cost of one: what a sampler needs. For one
 * thread at a time; closing frees what is remembered of the texts and leaves model and adapter.
 */
public final class Continuations implements AutoCloseable {
    private final DecoderModel model;
    private final Adapter adapter;
    private final KeyValueCache cache;

    public Continuations(DecoderModel model, Adapter adapter) {
        this.model = model;
        this.adapter = adapter;
        this.cache = new KeyValueCache(model);
    }

    /**
     * Appends tokens to every text; the first call starts the texts.
     *
     * @param next at least one token for each text
     * @return for each text the logits of the token after its last one, [B][V]
     */
    public float[][] append(List<long[]> next) {
        Torch.inference();
        try (PtNDManager scope = Torch.within(model.memory())) {
            DecoderBatch batch = cache.next(scope, next);
            PtNDArray hidden = Decoder.hidden(model.weights(), adapter, batch); // [B,T,D]
            long t = hidden.getShape().get(1);
            long[] last = new long[next.size()];
            Arrays.setAll(last, i -> i * t + next.get(i).length - 1);
            float[] logits =
                    Decoder.logits(model.weights(), Decoder.at(hidden, last)).toFloatArray(); // [B,V]
            int v = model.config().vocabulary();
            float[][] rows = new float[last.length][];
            Arrays.setAll(rows, i -> Arrays.copyOfRange(logits, i * v, (i + 1) * v));
            return rows;
        }
    }

    /**
     * Goes on with some of the texts only, for the others have ended.
     *
     * @param texts their indices, at least one, in the order that they are to have
     */
    public void keep(int... texts) {
        Torch.inference();
        cache.keep(texts);
    }

    @Override
    public void close() {
        cache.close();
    }
}
