package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Two weights, two examples, and losses that are written beforehand: example i has the gradient 1 to weight i. */
final class ScriptedTrainee implements Trainee<SortedMap<String, Tensor>> {
    private static final String WEIGHT = "weight";

    private final Deque<Double> losses = new ArrayDeque<>();
    private final Deque<Double> validations = new ArrayDeque<>();
    private final boolean validated;

    /** The number of the call to {@link #accumulate} that fails after its gradients. */
    int failing = -1;

    /** @param validations the first is that of the start; none for a run without a validation split */
    ScriptedTrainee(double[] losses, double... validations) {
        Arrays.stream(losses).forEach(this.losses::add);
        Arrays.stream(validations).forEach(this.validations::add);
        this.validated = validations.length > 0;
    }

    static TrainingConfig config() {
        return TrainingConfig.defaults()
                .withBaseLearningRate(0.1)
                .withBatchSize(2)
                .withWarmupRatio(0)
                .withClipNorm(100)
                .withPatience(0);
    }

    TrainingSession<SortedMap<String, Tensor>> run(TrainingConfig config) {
        Checkpoint.Identity identity = new Checkpoint.Identity("a script");
        return new TrainingSession<>(
                config, () -> {}, _ -> this, trainee -> Checkpoint.fresh(identity, trainee, config));
    }

    @Override
    public Trained start() {
        return new Trained(
                TrainingConfig.defaults().method(), new TreeMap<>(Map.of(WEIGHT, Tensor.of(new float[] {1, 1}, 2))));
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public int earlierSize() {
        return 0;
    }

    @Override
    public int tokens(int example) {
        return 1;
    }

    @Override
    public double mass(int[] batch) {
        return batch.length;
    }

    @Override
    public double accumulate(Map<String, PtNDArray> trained, int[] batch, double mass, Draw draw) {
        float[] gradient = new float[2];
        for (int example : batch) {
            gradient[example] = 1;
        }
        PtNDArray weight = Objects.requireNonNull(trained.get(WEIGHT));
        try (PtNDManager scope = Torch.within(weight.getManager())) {
            JniUtils.backward(
                    JniUtils.sum(JniUtils.mul(weight, Torch.floats(scope, gradient, 2))),
                    Torch.scalar(scope, 1),
                    false,
                    false);
        }
        if (failing-- == 0) {
            throw new IllegalArgumentException("out of memory");
        }
        return losses.remove();
    }

    @Override
    public boolean hasValidation() {
        return validated;
    }

    @Override
    public Validation validate(Map<String, PtNDArray> trained) {
        return new Validation(Double.NaN, validations.remove());
    }

    @Override
    public SortedMap<String, Tensor> finish(SortedMap<String, Tensor> trained) {
        return trained;
    }

    @Override
    public int managedArrays() {
        return 0;
    }

    /** What finish() made, as numbers that can be compared. */
    static float[] weights(TrainingSession<SortedMap<String, Tensor>> session) {
        return Objects.requireNonNull(session.finish().get(WEIGHT)).values().clone();
    }
}
