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
        DecoderBatch batch = DecoderBatch.of(
                scope,
                weights.config(),
                examples.stream().map(CausalExample::tokens).toList());
        Counted counted = Counted.of(examples, batch.ids().getShape().get(1));
        PtNDArray hidden = Decoder.at(Decoder.hidden(weights, adapter, batch), counted.places); // [N,D]
        PtNDArray logProbabilities = JniUtils.logSoftmax(Decoder.logits(weights, hidden), 1, DataType.FLOAT32); // [N,V]
        PtNDArray tokens = Torch.longs(scope, counted.tokens, counted.tokens.length, 1);
        return JniUtils.neg(JniUtils.mean(JniUtils.gather(logProbabilities, tokens, 1)));
    }

    /** The tokens that count, and for each the place in the batch, row by row, that predicts it. */
    @SuppressWarnings("ArrayRecordComponent") // goes to the engine as it is
    private record Counted(long[] places, long[] tokens) {
        static Counted of(List<CausalExample> examples, long t) {
            int n = examples.stream().mapToInt(CausalExample::targets).sum();
            if (n == 0) {
                throw new IllegalArgumentException("no token of the batch counts: it is all prompt");
            }
            Counted counted = new Counted(new long[n], new long[n]);
            int at = 0;
            for (int i = 0; i < examples.size(); i++) {
                long[] text = examples.get(i).tokens();
                for (int j = examples.get(i).firstTarget(); j < text.length; j++) {
                    counted.places[at] = i * t + j - 1;
                    counted.tokens[at++] = text[j];
                }
            }
            return counted;
        }
    }
}
