package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What holds weights near those that were good for earlier examples: {@code ewc / 2 sum_i F_i (w_i - w*_i)^2}.
 *
 * <p>Source: Kirkpatrick et al., arXiv:1612.00796, equation 3. F is the diagonal of the empirical Fisher information: the
 * mean of the squared gradients of single examples' losses. Different: F is divided by its mean, so that a strength means
 * the same for every model.
 *
 * @param anchor w*
 * @param importance F, of mean 1 over all weights
 */
record Consolidation(SortedMap<String, Tensor> anchor, SortedMap<String, Tensor> importance) {
    /** Enough for a stable estimate; each costs a step of one example. */
    private static final int MOST_EXAMPLES = 512;

    /** Estimates F at the parameters' present values, which become w*. */
    static Consolidation of(Trainee<?> trainee, Parameters parameters, long seed) {
        SortedMap<String, float[]> sums = new TreeMap<>();
        parameters
                .all()
                .forEach(parameter -> sums.put(
                        parameter.name(),
                        new float[Math.toIntExact(parameter.value().size())]));
        for (int example : drawn(trainee, seed)) {
            int[] alone = {example};
            trainee.accumulate(parameters.arrays(), alone, trainee.mass(alone), Draw.none());
            parameters
                    .all()
                    .forEach(parameter -> addSquares(parameter, Objects.requireNonNull(sums.get(parameter.name()))));
        }
        SortedMap<String, Tensor> anchor = parameters.tensors();
        return new Consolidation(anchor, normalised(anchor, sums));
    }

    private static List<Integer> drawn(Trainee<?> trainee, long seed) {
        List<Integer> earlier = new ArrayList<>(IntStream.range(trainee.size(), trainee.size() + trainee.earlierSize())
                .boxed()
                .toList());
        Collections.shuffle(earlier, new Random(seed));
        return earlier.subList(0, Math.min(MOST_EXAMPLES, earlier.size()));
    }

    private static void addSquares(Parameter parameter, float[] sums) {
        try (PtNDArray gradient = JniUtils.getGradient(parameter.value())) {
            float[] values = Torch.values(gradient);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[i] * values[i];
            }
        }
        JniUtils.zeroGrad(parameter.value());
    }

    private static SortedMap<String, Tensor> normalised(
            SortedMap<String, Tensor> shapes, SortedMap<String, float[]> sums) {
        double total = 0;
        long count = 0;
        for (float[] values : sums.values()) {
            for (float value : values) {
                total += value;
            }
            count += values.length;
        }
        double mean = Math.max(total / count, Float.MIN_NORMAL);
        SortedMap<String, Tensor> importance = new TreeMap<>();
        sums.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] / mean);
            }
            importance.put(
                    name, new Tensor(Parameters.Weights.required(shapes, name).shape(), values));
        });
        return importance;
    }

    /** The penalty over arrays in the engine's memory. */
    Penalty over(PtNDManager memory, double strength) {
        Map<String, PtNDArray> anchors = new TreeMap<>();
        Map<String, PtNDArray> factors = new TreeMap<>();
        anchor.forEach((name, tensor) -> anchors.put(name, Torch.floats(memory, tensor.values(), tensor.dimensions())));
        importance.forEach((name, tensor) -> {
            float[] half = tensor.values().clone();
            for (int i = 0; i < half.length; i++) {
                half[i] *= (float) (strength / 2);
            }
            factors.put(name, Torch.floats(memory, half, tensor.dimensions()));
        });
        return new Penalty(anchors, factors);
    }

    /**
     * A penalty that is ready to be added.
     *
     * @param factors {@code ewc / 2 F}
     */
    record Penalty(Map<String, PtNDArray> anchors, Map<String, PtNDArray> factors) {
        /** Adds the penalty's gradients to those that the parameters hold, and returns its value. */
        double accumulate(PtNDManager memory, Parameters parameters) {
            double value = 0;
            for (Parameter parameter : parameters.all()) {
                try (PtNDManager scope = Torch.within(memory)) {
                    PtNDArray moved =
                            JniUtils.sub(parameter.value(), Objects.requireNonNull(anchors.get(parameter.name())));
                    moved.attach(scope);
                    PtNDArray penalty = JniUtils.sum(JniUtils.mul(
                            JniUtils.square(moved), Objects.requireNonNull(factors.get(parameter.name()))));
                    JniUtils.backward(penalty, Torch.scalar(scope, 1), false, false);
                    value += penalty.getFloat();
                }
            }
            return value;
        }
    }
}
