package dev.perennial.lora.adapter;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.KeyValues;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.stream.IntStream;

/** Prefix tuning for inference: linears stay as they are; safe for many threads, closing frees it. */
public final class PrefixLayers implements Adapter, AutoCloseable {
    private final PtNDManager memory;
    private final int tokens;
    private final List<KeyValues> layers;

    /** Copies the weights into a memory scope within {@code parent}. */
    public PrefixLayers(PtNDManager parent, PrefixWeights weights) {
        this.memory = Torch.within(parent);
        this.tokens = weights.tokens();
        PtNDArray embeddings = Torch.floats(
                memory, weights.embeddings().values(), weights.embeddings().dimensions());
        Prefix prefix = new Prefix(weights.shape(), embeddings);
        this.layers = IntStream.range(0, weights.shape().layers())
                .mapToObj(layer -> prefix.layer(memory, layer))
                .toList();
    }

    @Override
    public PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y) {
        return y;
    }

    @Override
    public int prefixTokens() {
        return tokens;
    }

    @Override
    public KeyValues prefix(int layer) {
        return layers.get(layer);
    }

    @Override
    public void close() {
        memory.close();
    }
}
