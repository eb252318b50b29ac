package dev.perennial.lora.probe;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.tensor.Torch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A softmax regression over frozen embeddings: quick and deterministic, the base that fine-tuning must beat. */
public final class LinearProbe {
    /** Of the L2 norm. Chosen on CLINC150's val, where the accuracy is flat between 3e-6 and 3e-5. */
    private static final double PENALTY = 1e-5;

    private static final int ITERATIONS = 50;

    private static final double TOLERANCE = 1e-6;

    private final List<String> labels;
    private final int width;
    private final float[] weight;
    private final float[] bias;

    private LinearProbe(List<String> labels, float[] weight, float[] bias) {
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

    /**
     * The same with a weight for each sample.
     *
     * @throws IllegalArgumentException if a weight is negative or not finite, or if all are 0
     */
    public static LinearProbe fit(List<String> labels, float[][] embeddings, List<String> y, float[] sampleWeights) {
        Map<String, Integer> index = new HashMap<>();
        labels.forEach(label -> index.put(label, index.size()));
        int[] classes = y.stream().mapToInt(label -> known(index, label)).toArray();
        return fit(labels, embeddings, classes, sampleWeights);
    }

    private static void requireClasses(int[] y, int labels) {
        for (int i = 0; i < y.length; i++) {
            if (y[i] < 0 || y[i] >= labels) {
                throw new IllegalArgumentException(
                        "y[%d] is %d: give the index of one of the %d labels".formatted(i, y[i], labels));
            }
        }
    }

    private static void requireWeights(float[] weights) {
        boolean some = false;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0) || Float.isInfinite(weights[i])) {
                throw new IllegalArgumentException(
                        "sampleWeights[%d] is %s: give a finite number that is not negative".formatted(i, weights[i]));
            }
            some |= weights[i] > 0;
        }
        if (!some) {
            throw new IllegalArgumentException("sampleWeights are all 0: give at least one sample a weight");
        }
    }

    private static int known(Map<String, Integer> index, String label) {
        Integer found = index.get(label);
        if (found == null) {
            throw new IllegalArgumentException("y names the label '" + label + "', which is not among the labels");
        }
        return found;
    }

    /**
     * The same with indices into the labels.
     *
     * @throws IllegalArgumentException if there is no such label, a weight is negative or not finite, or all are 0
     */
    public static LinearProbe fit(List<String> labels, float[][] embeddings, int[] y, float[] sampleWeights) {
        if (embeddings.length == 0 || embeddings.length != y.length || embeddings.length != sampleWeights.length) {
            throw new IllegalArgumentException("embeddings, y and sampleWeights must be as many, and at least one");
        }
        requireWeights(sampleWeights);
        requireClasses(y, labels.size());
        Torch.inference();
        int width = embeddings[0].length;
        try (PtNDManager memory = Torch.memory()) {
            Regression regression = Regression.of(memory, embeddings, y, sampleWeights, labels.size(), PENALTY);
            double[] zero = new double[labels.size() * (width + 1)];
            return split(labels, new Lbfgs(regression).minimise(zero, ITERATIONS, TOLERANCE), width);
        }
    }

    private static LinearProbe split(List<String> labels, double[] joined, int width) {
        float[] weight = new float[labels.size() * width];
        float[] bias = new float[labels.size()];
        for (int label = 0; label < bias.length; label++) {
            for (int i = 0; i < width; i++) {
                weight[label * width + i] = (float) joined[label * (width + 1) + i];
            }
            bias[label] = (float) joined[label * (width + 1) + width];
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
    public float[] weight() {
        return weight;
    }

    /** [L]. */
    public float[] bias() {
        return bias;
    }
}
