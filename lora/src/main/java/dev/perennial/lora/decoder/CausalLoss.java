package dev.perennial.lora.decoder;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.model.Loss;
import dev.perennial.lora.tensor.Torch;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of a causal language model: {@code - 1/N sum_n log softmax(logits_n)[token_n]} over the N tokens of a batch
 * that count, each predicted from the tokens before it. The same mean as in transformers' ForCausalLMLoss. Different:
 * logits are made only of the places that count, and of some of them at a time: of a large vocabulary they would take
 * more memory than all layers together.
 */
public final class CausalLoss implements Loss {
    /** Logits in one part: 32 MiB. */
    private static final int PART = 1 << 23;

    /** Of how many places at least, below which products of matrices become slow. */
    private static final int MIN_PLACES = 128;

    private final DecoderWeights weights;
    private final Counted counted;
    private final int placesPerPart;

    /** @param examples at least one token of them must count */
    public CausalLoss(DecoderWeights weights, List<CausalExample> examples) {
        this(weights, examples, Math.max(MIN_PLACES, PART / weights.config().vocabulary()));
    }

    CausalLoss(DecoderWeights weights, List<CausalExample> examples, int placesPerPart) {
        this.weights = weights;
        this.counted = Counted.of(examples);
        this.placesPerPart = placesPerPart;
    }

    /**
     * The whole loss as a scalar in {@code scope}; records a graph if the thread's mode says so.
     *
     * @param examples at least one token of them must count
     */
    public static PtNDArray of(
            PtNDManager scope, DecoderWeights weights, Adapter adapter, List<CausalExample> examples) {
        CausalLoss loss = new CausalLoss(weights, examples);
        DecoderBatch batch = DecoderBatch.of(
                scope,
                weights.config(),
                examples.stream().map(CausalExample::tokens).toList());
        PtNDArray last = Chains.forward(Decoder.chain(weights, adapter, batch));
        PtNDArray sum = loss.part(0, last);
        for (int i = 1; i < loss.parts(); i++) {
            sum = JniUtils.add(sum, loss.part(i, last));
        }
        return sum;
    }

    @Override
    public int parts() {
        return Math.ceilDiv(counted.places.length, placesPerPart);
    }

    /** @param last the last layer's output before its norm, [B,T,D] */
    @Override
    public PtNDArray part(int index, PtNDArray last) {
        int from = index * placesPerPart;
        int to = Math.min(from + placesPerPart, counted.places.length);
        PtNDArray chosen = Decoder.at(last, Arrays.copyOfRange(counted.places, from, to)); // [n,D]
        PtNDArray tokens = Torch.longs(last.getManager(), Arrays.copyOfRange(counted.tokens, from, to), to - from, 1);
        try (PtNDArray logits = Decoder.logits(weights, weights.norm().apply(chosen))) { // [n,V]
            PtNDArray logProbabilities = JniUtils.logSoftmax(logits, 1, DataType.FLOAT32);
            PtNDArray sum = JniUtils.sum(JniUtils.gather(logProbabilities, tokens, 1));
            return JniUtils.mul(sum, Torch.scalar(last.getManager(), -1.0 / counted.places.length));
        }
    }

    /** The tokens that count, and for each the place in the batch, row by row, that predicts it. */
    @SuppressWarnings("ArrayRecordComponent") // goes to the engine as it is
    private record Counted(long[] places, long[] tokens) {
        static Counted of(List<CausalExample> examples) {
            int t = examples.stream()
                    .mapToInt(example -> example.tokens().length)
                    .max()
                    .orElse(0);
            int n = examples.stream().mapToInt(CausalExample::targets).sum();
            if (n == 0) {
                throw new IllegalArgumentException("no token of the batch counts: it is all prompt");
            }
            Counted counted = new Counted(new long[n], new long[n]);
            int at = 0;
            for (int i = 0; i < examples.size(); i++) {
                long[] text = examples.get(i).tokens();
                for (int j = examples.get(i).firstTarget(); j < text.length; j++) {
                    counted.places[at] = (long) i * t + j - 1;
                    counted.tokens[at++] = text[j];
                }
            }
            return counted;
        }
    }
}
