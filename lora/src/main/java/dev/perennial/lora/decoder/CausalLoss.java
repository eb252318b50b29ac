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
 * The loss of a causal language model: {@code - sum_n w_n / mass log softmax(logits_n)[token_n]} over the tokens of a batch
 * that count, each predicted from the tokens before it, w the weight of its text. With the number of these tokens as the
 * mass it is the mean of transformers' ForCausalLMLoss. With smoothing, {@code log softmax(logits)[token]} gives way by that
 * share to its mean over the vocabulary (Szegedy et al., arXiv:1512.00567). Different: logits are made only of the places
 * that count, and of some of them at a time: of a large vocabulary they would take more memory than all layers together.
 */
public final class CausalLoss implements Loss {
    /** Logits in one part: 8 MiB. */
    private static final int PART = 1 << 21;

    /** Of how many places at least, below which products of matrices become slow. */
    private static final int MIN_PLACES = 128;

    private final DecoderWeights weights;
    private final Counted counted;
    private final double smoothing;
    private final int placesPerPart;

    /**
     * The loss of a batch.
     *
     * @param examples at least one token of them must count
     * @param mass what the losses of single tokens are divided by
     * @param smoothing share of the target that is spread over the vocabulary
     */
    public CausalLoss(DecoderWeights weights, List<CausalExample> examples, double mass, double smoothing) {
        this(
                weights,
                examples,
                mass,
                smoothing,
                Math.max(MIN_PLACES, PART / weights.config().vocabulary()));
    }

    CausalLoss(DecoderWeights weights, List<CausalExample> examples, double mass, double smoothing, int placesPerPart) {
        this.weights = weights;
        this.counted = Counted.of(examples, mass);
        this.smoothing = smoothing;
        this.placesPerPart = placesPerPart;
    }

    /** The mean over the tokens that count. */
    public CausalLoss(DecoderWeights weights, List<CausalExample> examples) {
        this(weights, examples, tokens(examples), 0);
    }

    /** How many tokens of a batch count. */
    public static double tokens(List<CausalExample> examples) {
        return examples.stream().mapToInt(CausalExample::targets).sum();
    }

    /**
     * The mean over the tokens that count, in {@code scope}; records a graph if the thread's mode says so.
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
        PtNDManager scope = last.getManager();
        int from = index * placesPerPart;
        int to = Math.min(from + placesPerPart, counted.places.length);
        PtNDArray chosen = Decoder.at(last, Arrays.copyOfRange(counted.places, from, to)); // [n,D]
        PtNDArray tokens = Torch.longs(scope, Arrays.copyOfRange(counted.tokens, from, to), to - from, 1);
        PtNDArray shares = Torch.floats(scope, Arrays.copyOfRange(counted.shares, from, to), to - from, 1);
        try (PtNDArray logits = Decoder.logits(weights, weights.norm().apply(chosen))) { // [n,V]
            PtNDArray all = JniUtils.logSoftmax(logits, 1, DataType.FLOAT32);
            PtNDArray own = JniUtils.gather(all, tokens, 1); // [n,1]
            if (smoothing > 0) {
                PtNDArray mean = JniUtils.mul(JniUtils.mean(all, 1, true), Torch.scalar(scope, smoothing));
                own = JniUtils.add(JniUtils.mul(own, Torch.scalar(scope, 1 - smoothing)), mean);
            }
            return JniUtils.neg(JniUtils.sum(JniUtils.mul(own, shares)));
        }
    }

    /**
     * The tokens that count, for each the place in the batch, row by row, that predicts it, and what it is multiplied
     * with.
     */
    @SuppressWarnings("ArrayRecordComponent") // goes to the engine as it is
    private record Counted(long[] places, long[] tokens, float[] shares) {
        static Counted of(List<CausalExample> examples, double mass) {
            int t = examples.stream()
                    .mapToInt(example -> example.tokens().length)
                    .max()
                    .orElse(0);
            int n = (int) CausalLoss.tokens(examples);
            if (n == 0) {
                throw new IllegalArgumentException("no token of the batch counts: it is all prompt");
            }
            Counted counted = new Counted(new long[n], new long[n], new float[n]);
            int at = 0;
            for (int i = 0; i < examples.size(); i++) {
                CausalExample example = examples.get(i);
                for (int j = 0; j < example.tokens().length; j++) {
                    if (example.counted()[j]) {
                        counted.places[at] = (long) i * t + j - 1;
                        counted.shares[at] = (float) (example.weight() / mass);
                        counted.tokens[at++] = example.tokens()[j];
                    }
                }
            }
            return counted;
        }
    }
}
