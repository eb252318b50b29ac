package dev.perennial.lora.decoder;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How likely a model finds texts: {@code log softmax(logits_n)[token_n]} of each token that counts, predicted from those
 * before it. The mean of their negatives is {@link CausalLoss}.
 */
public final class CausalScores {
    /** Logits that are in memory at once. */
    private static final int MAX_LOGITS = 1 << 24;

    private CausalScores() {}

    /**
     * Natural logarithms, one for each token of each example that counts.
     *
     * @param examples run as one batch, padded to the longest
     */
    public static List<float[]> of(DecoderModel model, Adapter adapter, List<CausalExample> examples) {
        Torch.inference();
        try (PtNDManager scope = Torch.within(model.memory())) {
            DecoderBatch batch = DecoderBatch.of(
                    scope,
                    model.config(),
                    examples.stream().map(CausalExample::tokens).toList());
            PtNDArray hidden = Decoder.hidden(model.weights(), adapter, batch); // [B,T,D]
            List<float[]> scores = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                scores.add(scores(model, hidden, i, examples.get(i)));
            }
            return scores;
        }
    }

    private static float[] scores(DecoderModel model, PtNDArray hidden, int row, CausalExample example) {
        int rows = Math.max(1, MAX_LOGITS / model.config().vocabulary());
        long start = row * hidden.getShape().get(1);
        int[] counted = IntStream.range(0, example.tokens().length)
                .filter(i -> example.counted()[i])
                .toArray();
        float[] scores = new float[counted.length];
        for (int from = 0; from < scores.length; from += rows) {
            int n = Math.min(rows, scores.length - from);
            int[] part = Arrays.copyOfRange(counted, from, from + n);
            long[] places = IntStream.of(part).mapToLong(i -> start + i - 1).toArray();
            long[] tokens =
                    IntStream.of(part).mapToLong(i -> example.tokens()[i]).toArray();
            System.arraycopy(scores(model, hidden, places, tokens), 0, scores, from, n);
        }
        return scores;
    }

    private static float[] scores(DecoderModel model, PtNDArray hidden, long[] places, long[] tokens) {
        try (PtNDManager scope = Torch.within(hidden.getManager())) {
            PtNDArray chosen = Decoder.at(hidden, places); // [N,D]
            chosen.attach(scope);
            PtNDArray logits = Decoder.logits(model.weights(), chosen); // [N,V]
            PtNDArray logProbabilities = JniUtils.logSoftmax(logits, 1, DataType.FLOAT32);
            PtNDArray targets = Torch.longs(scope, tokens, tokens.length, 1);
            return JniUtils.gather(logProbabilities, targets, 1).toFloatArray(); // [N,1]
        }
    }
}
