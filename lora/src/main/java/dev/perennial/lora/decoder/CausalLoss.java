package dev.perennial.lora.decoder;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.tensor.Torch;
import java.util.List;

/**
 * The loss of a causal language model: {@code - 1/N sum_n log softmax(logits_n)[token_n]} over the N tokens of a batch
 * that count, each predicted from the tokens before it. The same mean as in transformers' ForCausalLMLoss. Different:
 * logits are made only of the places that count.
 */
public final class CausalLoss {
    private CausalLoss() {}

    /**
     * A scalar in {@code scope}; records a graph if the thread's mode says so.
     *
     * @param examples at least one token of them must count
     */
    public static PtNDArray of(
            PtNDManager scope, DecoderWeights weights, Adapter adapter, List<CausalExample> examples) {
        List<long[]> texts = examples.stream().map(CausalExample::tokens).toList();
        DecoderBatch batch = DecoderBatch.of(scope, weights.config(), texts);
        PtNDArray hidden = Decoder.hidden(weights, adapter, batch); // [B,T,D]
        long t = hidden.getShape().get(1);
        long d = hidden.getShape().get(2);
        int n = examples.stream().mapToInt(CausalExample::targets).sum();
        if (n == 0) {
            throw new IllegalArgumentException("no token of the batch counts: it is all prompt");
        }
        long[] places = new long[n];
        long[] tokens = new long[n];
        int at = 0;
        for (int i = 0; i < examples.size(); i++) {
            long[] text = texts.get(i);
            for (int j = examples.get(i).firstTarget(); j < text.length; j++) {
                places[at] = i * t + j - 1;
                tokens[at++] = text[j];
            }
        }
        PtNDArray flat = JniUtils.reshape(hidden, new long[] {-1, d}); // [B*T,D]
        PtNDArray counted = JniUtils.embedding(Torch.longs(scope, places, n), flat, false); // [N,D]
        counted.attach(scope);
        PtNDArray logProbabilities =
                JniUtils.logSoftmax(Decoder.logits(weights, counted), 1, DataType.FLOAT32); // [N,V]
        PtNDArray chosen = JniUtils.gather(logProbabilities, Torch.longs(scope, tokens, n, 1), 1); // [N,1]
        return JniUtils.neg(JniUtils.mean(chosen));
    }
}
