package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.model.KeyValues;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.tensor.Fused;
import dev.perennial.lora.tensor.Torch;

/**
 * The forward pass as pure functions in 32-bit floats; results live in the memory scope of the batch.
 *
 * <p>Source: Touvron et al., arXiv:2302.13971, section 2.2, with grouped queries (Ainslie et al., arXiv:2305.13245), as in
 * transformers' LlamaForCausalLM and Qwen2ForCausalLM. Different: no dropout inside the frozen model.
 */
public final class Decoder {
    private Decoder() {}

    /** The last layer's output after its norm, [B,T,D]; rows of what fills up a text mean nothing. */
    public static PtNDArray hidden(DecoderWeights weights, Adapter adapter, DecoderBatch batch) {
        return weights.norm().apply(Chains.forward(chain(weights, adapter, batch)));
    }

    /** From the word embeddings up to the last layer's output, which the norm is still to follow. */
    public static LayerChain chain(DecoderWeights weights, Adapter adapter, DecoderBatch batch) {
        return new Chain(weights, adapter, batch.behind(weights.config(), adapter.prefixTokens()));
    }

    private record Chain(DecoderWeights weights, Adapter adapter, DecoderBatch batch) implements LayerChain {
        @Override
        public int layers() {
            return weights.layers().size();
        }

        @Override
        public PtNDArray start() {
            PtNDArray x = JniUtils.embedding(batch.ids(), weights.words(), false); // [B,T,D]
            x.attach(batch.ids().getManager());
            return adapter.embedded(x);
        }

        @Override
        public PtNDArray layer(int index, PtNDArray x) {
            return Decoder.layer(weights, index, adapter, x, batch);
        }
    }

    /**
     * The vectors at some places of a batch, [B,T,D] to [N,D].
     *
     * @param hidden a layer's output, before or after a norm
     * @param places counted row by row, {@code text * T + token}
     */
    static PtNDArray at(PtNDArray hidden, long[] places) {
        PtNDManager scope = hidden.getManager();
        PtNDArray flat =
                JniUtils.reshape(hidden, new long[] {-1, hidden.getShape().get(2)}); // [B*T,D]
        PtNDArray chosen = JniUtils.embedding(Torch.longs(scope, places, places.length), flat, false);
        chosen.attach(scope);
        return chosen;
    }

    /** What a token says about the one after it: [*,D] to [*,V]. */
    public static PtNDArray logits(DecoderWeights weights, PtNDArray hidden) {
        return JniUtils.linear(hidden, weights.head(), null);
    }

    private static PtNDArray layer(
            DecoderWeights weights, int index, Adapter adapter, PtNDArray x, DecoderBatch batch) {
        DecoderLayer layer = weights.layers().get(index);
        PtNDArray context =
                attention(weights, index, adapter, layer.attentionNorm().apply(x), batch); // [B,T,H*E]
        PtNDArray middle = JniUtils.add(layer.output().apply(adapter, context), x); // [B,T,D]
        PtNDArray narrow = feedForward(layer, adapter, layer.feedForwardNorm().apply(middle));
        return JniUtils.add(narrow, middle);
    }

    /** {@code down(silu(gate(x)) up(x))} (Shazeer, arXiv:2002.05202), [B,T,D]. */
    private static PtNDArray feedForward(DecoderLayer layer, Adapter adapter, PtNDArray x) {
        PtNDArray gate = layer.gate().apply(adapter, x); // [B,T,F]
        return layer.down().apply(adapter, Fused.swiGlu(gate, layer.up().apply(adapter, x)));
    }

    /** {@code softmax(Q K^T / sqrt(E) + mask) V} in each head, [B,T,H*E]. */
    private static PtNDArray attention(
            DecoderWeights weights, int index, Adapter adapter, PtNDArray x, DecoderBatch batch) {
        DecoderLayer layer = weights.layers().get(index);
        PtNDArray q = heads(weights, layer.query().apply(adapter, x)); // [B,H,T,E]
        PtNDArray k = batch.rope().rotate(heads(weights, layer.key().apply(adapter, x))); // [B,K,T,E]
        PtNDArray v = heads(weights, layer.value().apply(adapter, x)); // [B,K,T,E]
        KeyValues prefix = batch.startsTexts(index) ? adapter.prefix(index) : null;
        if (prefix != null) {
            k = prefix.keysBefore(k); // [B,K,S,E]
            v = prefix.valuesBefore(v);
        }
        if (batch.cache() != null) {
            k = batch.cache().keys(index, k); // [B,K,S,E]
            v = batch.cache().values(index, v);
        }
        PtNDArray turned = batch.rope().rotate(q);
        return batch.causal() ? Fused.causalAttention(turned, k, v) : Fused.attention(turned, k, v, batch.mask());
    }

    /** [B,T,n*E] to [B,n,T,E]. */
    private static PtNDArray heads(DecoderWeights weights, PtNDArray x) {
        long e = weights.config().headWidth();
        long n = x.getShape().get(2) / e;
        PtNDArray parts = JniUtils.reshape(
                x, new long[] {x.getShape().get(0), x.getShape().get(1), n, e});
        return JniUtils.permute(parts, new long[] {0, 2, 1, 3});
    }
}
