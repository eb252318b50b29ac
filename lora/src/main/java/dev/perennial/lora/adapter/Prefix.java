package dev.perennial.lora.adapter;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.AttentionShape;
import dev.perennial.lora.model.KeyValues;

/**
 * A prefix in the engine's memory, as it is trained: a gradient passes to its embeddings.
 *
 * @param embeddings as in {@link PrefixWeights}, [n,2LKE]
 */
public record Prefix(AttentionShape shape, PtNDArray embeddings) {
    /** n. */
    public int tokens() {
        return Math.toIntExact(embeddings.getShape().get(0));
    }

    /** Views of a layer's keys and values, [1,K,n,E], in {@code scope}. */
    public KeyValues layer(PtNDManager scope, int layer) {
        return new KeyValues(heads(scope, 2 * layer), heads(scope, 2 * layer + 1));
    }

    private PtNDArray heads(PtNDManager scope, int index) {
        long first = (long) index * shape.tokenWidth();
        PtNDArray flat = JniUtils.slice(embeddings, 1, first, first + shape.tokenWidth(), 1); // [n,KE]
        flat.attach(scope);
        long[] split = {1, tokens(), shape.keyValueHeads(), shape.headWidth()};
        return JniUtils.permute(JniUtils.reshape(flat, split), new long[] {0, 2, 1, 3});
    }
}
