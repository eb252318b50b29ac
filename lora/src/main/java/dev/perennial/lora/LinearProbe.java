package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A softmax regression over frozen embeddings: quick and deterministic, the base that fine-tuning must beat. */
public final class LinearProbe {
    /** Strength of the L2 penalty on the weights, per sample. */
    private static final double PENALTY = 1e-4;

    private static final int ITERATIONS = 200;

    private final List<String> labels;
    private final int width;
    private final float[] weight;
    private final float[] bias;

    LinearProbe(List<String> labels, float[] weight, float[] bias) {
        this.labels = List.copyOf(labels);
        this.weight = weight;
        this.bias = bias;
        this.width = weight.length / bias.length;
    }

    /**
     * Fits the probe.
     *
     * @param embeddings one L2-normalised vector of D floats a sample
     * @param y the sample's label, one of {@code labels}
     */
    public static LinearProbe fit(List<String> labels, float[][] embeddings, List<String> y) {
        float[] weights = new float[embeddings.length];
        Arrays.fill(weights, 1);
        return fit(labels, embeddings, y, weights);
    }

    /** The same with a weight for each sample. */
    public static LinearProbe fit(List<String> labels, float[][] embeddings, List<String> y, float[] sampleWeights) {
        if (embeddings.length == 0 || embeddings.length != y.size() || embeddings.length != sampleWeights.length) {
            throw new IllegalArgumentException("embeddings, y and sampleWeights must be as many, and at least one");
        }
        Map<String, Integer> index = new HashMap<>();
        labels.forEach(label -> index.put(label, index.size()));
        int[] classes = y.stream().mapToInt(label -> known(index, label)).toArray();
        return descend(labels, embeddings, classes, sampleWeights, PENALTY, ITERATIONS);
    }

    private static int known(Map<String, Integer> index, String label) {
        Integer found = index.get(label);
        if (found == null) {
            throw new IllegalArgumentException("y names the label '" + label + "', which is not among the labels");
        }
        return found;
    }

    /**
     * Minimises {@code sum_i w_i CE(softmax(W x_i + b), y_i) / sum_i w_i + penalty / 2 |W|^2} by Nesterov's accelerated
     * gradient descent. With |x| = 1 the gradient's Lipschitz constant is at most 1 (1/2 for W, 1/2 for b), hence the
     * step of 1.
     */
    static LinearProbe descend(
            List<String> labels, float[][] x, int[] y, float[] sampleWeights, double penalty, int iterations) {
        Torch.inference();
        int d = x[0].length + 1; // the bias is the weight of a constant feature
        int l = labels.size();
        try (PtNDManager memory = Torch.memory()) {
            Regression problem = Regression.of(memory, x, y, sampleWeights, l, penalty);
            PtNDArray current = Torch.zeros(memory, l, d);
            PtNDArray ahead = Torch.zeros(memory, l, d);
            for (int i = 0; i < iterations; i++) {
                try (PtNDManager step = Torch.within(memory)) {
                    PtNDArray next = JniUtils.sub(ahead, problem.gradient(step, ahead)); // [L,D+1]
                    next.attach(step);
                    PtNDArray momentum = JniUtils.sub(next, current);
                    JniUtils.muli(momentum, Torch.scalar(step, i / (i + 3.0)));
                    PtNDArray nextAhead = JniUtils.add(next, momentum);
                    current.close();
                    ahead.close();
                    next.attach(memory);
                    nextAhead.attach(memory);
                    current = next;
                    ahead = nextAhead;
                }
            }
            return split(labels, current.toFloatArray(), d - 1);
        }
    }

    private static LinearProbe split(List<String> labels, float[] joined, int width) {
        float[] weight = new float[labels.size() * width];
        float[] bias = new float[labels.size()];
        for (int label = 0; label < bias.length; label++) {
            System.arraycopy(joined, label * (width + 1), weight, label * width, width);
            bias[label] = joined[label * (width + 1) + width];
        }
        return new LinearProbe(labels, weight, bias);
    }

    public List<String> labels() {
        return labels;
    }

    /** In the order of {@link #labels()}. */
    public float[] probabilities(float[] embedding) {
        float[] logits = new float[bias.length];
        for (int label = 0; label < logits.length; label++) {
            float sum = bias[label];
            for (int i = 0; i < width; i++) {
                sum += weight[label * width + i] * embedding[i];
            }
            logits[label] = sum;
        }
        return Softmax.of(logits);
    }

    /** Row-major [L,D]. */
    float[] weight() {
        return weight;
    }

    float[] bias() {
        return bias;
    }
}
