package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.model.KeyValues;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.tensor.Fused;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass as pure functions in 32-bit floats; results live in the memory scope of the batch.
 *
 * <p>Source: Devlin et al., arXiv:1810.04805, as in transformers' BertModel: layer norm after each residual, exact (erf)
 * GELU. RoBERTa (Liu et al., arXiv:1907.11692) differs in its position table only. Different: no dropout inside the frozen
 * model, no second token type, and a padding token that is written out in a RoBERTa text takes a position.
 */
public final class BertEncoder {
    private BertEncoder() {}

    /**
     * One vector a text: {@code x = p / max(|p|, 1e-12)}, p the pooled last layer.
     *
     * <p>Shapes: ids [B,T] to [B,D].
     */
    public static PtNDArray embed(BertWeights weights, Adapter adapter, TokenBatch batch) {
        return pooled(batch, hidden(weights, adapter, batch));
    }

    /** The vectors of texts, [B,D], given the last layer's output, [B,T,D]. */
    public static PtNDArray pooled(TokenBatch batch, PtNDArray last) {
        PtNDArray pooled = JniUtils.bmm(batch.shares(), last); // [B,1,D]
        pooled.attach(last.getManager());
        return JniUtils.normalize(JniUtils.squeeze(pooled, 1), 2, 1, 1e-12); // [B,D]
    }

    /** The last layer's output, [B,T,D]. */
    public static PtNDArray hidden(BertWeights weights, Adapter adapter, TokenBatch batch) {
        return Chains.forward(chain(weights, adapter, batch));
    }

    /** From the embeddings, normed, up to the last layer's output. */
    public static LayerChain chain(BertWeights weights, Adapter adapter, TokenBatch batch) {
        return new Chain(weights, adapter, batch.behind(adapter.prefixTokens()));
    }

    private record Chain(BertWeights weights, Adapter adapter, TokenBatch batch) implements LayerChain {
        @Override
        public int layers() {
            return weights.layers().size();
        }

        @Override
        public PtNDArray start() {
            return adapter.embedded(embeddings(weights, batch.ids(), adapter.prefixTokens()));
        }

        @Override
        public PtNDArray layer(int index, PtNDArray x) {
            return BertEncoder.layer(weights, index, adapter, x, batch.mask());
        }
    }

    /** @param prefix the first position */
    private static PtNDArray embeddings(BertWeights weights, PtNDArray ids, int prefix) {
        long t = ids.getShape().get(1);
        if (prefix + t > weights.config().maxPositions()) {
            throw new IllegalArgumentException("a text of %d tokens after a prefix of %d is longer than %d positions"
                    .formatted(t, prefix, weights.config().maxPositions()));
        }
        PtNDManager scope = ids.getManager();
        PtNDArray words = JniUtils.embedding(ids, weights.words(), false); // [B,T,D]
        words.attach(scope);
        PtNDArray positions = rows(scope, weights.positions(), weights.config().firstPosition() + prefix, t); // [T,D]
        PtNDArray type = rows(scope, weights.types(), 0, 1); // [1,D]
        return weights.embeddingNorm().apply(JniUtils.add(words, JniUtils.add(positions, type)));
    }

    private static PtNDArray rows(PtNDManager scope, PtNDArray table, long first, long count) {
        PtNDArray rows = JniUtils.slice(table, 0, first, first + count, 1);
        rows.attach(scope);
        return rows;
    }

    private static PtNDArray layer(
            BertWeights weights, int index, Adapter adapter, PtNDArray x, @Nullable PtNDArray mask) {
        BertLayer layer = weights.layers().get(index);
        PtNDArray context = attention(weights, index, adapter, x, mask);
        PtNDArray attended = layer.attentionOutput().apply(adapter, context);
        PtNDArray middle = layer.attentionNorm().apply(JniUtils.add(attended, x)); // [B,T,D]
        PtNDArray wide = JniUtils.gelu(layer.intermediate().apply(adapter, middle)); // [B,T,F]
        PtNDArray narrow = layer.output().apply(adapter, wide); // [B,T,D]
        return layer.outputNorm().apply(JniUtils.add(narrow, middle));
    }

    /** {@code softmax(Q K^T / sqrt(D/H) + mask) V} in each head, [B,T,D]. */
    private static PtNDArray attention(
            BertWeights weights, int index, Adapter adapter, PtNDArray x, @Nullable PtNDArray mask) {
        BertLayer layer = weights.layers().get(index);
        int heads = weights.config().heads();
        PtNDArray q = split(layer.query().apply(adapter, x), heads);
        PtNDArray k = split(layer.key().apply(adapter, x), heads);
        PtNDArray v = split(layer.value().apply(adapter, x), heads);
        KeyValues prefix = adapter.prefix(index);
        if (prefix != null) {
            k = prefix.keysBefore(k); // [B,H,S,E]
            v = prefix.valuesBefore(v);
        }
        return Fused.attention(q, k, v, mask);
    }

    /** [B,T,D] to [B,H,T,D/H]. */
    private static PtNDArray split(PtNDArray x, int heads) {
        long[] btd = x.getShape().getShape();
        PtNDArray parts = JniUtils.reshape(x, new long[] {btd[0], btd[1], heads, btd[2] / heads});
        return JniUtils.permute(parts, new long[] {0, 2, 1, 3});
    }
}
