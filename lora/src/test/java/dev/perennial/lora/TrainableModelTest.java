package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainableModelTest {
    private static final LoraConfig LORA = Fixtures.allTargets(2);

    private final TextEncoder encoder = Fixtures.tinyEncoder();
    private final PtNDManager memory = Torch.memory();
    private final ClassifierWeights weights = Fixtures.weights(encoder, LORA, Fixtures.LABELS);
    private final Examples batch = Examples.of(
            encoder,
            List.of(
                    new LabelledText("my router is dead", "outage", 1),
                    new LabelledText("what is the price", "billing", 2),
                    new LabelledText("quit", "cancel", 0.5f)),
            Fixtures.LABELS,
            64);

    @AfterEach
    void close() {
        memory.close();
        encoder.close();
    }

    @Test
    void everyParametersGradientIsThatOfFiniteDifferences() {
        TrainingConfig config = Fixtures.config().withLora(LORA).withLabelSmoothing(0.1);
        TrainableModel model = model(config, weights.tensors());
        Map<String, float[]> gradients = gradients(model);
        for (String name : weights.tensors().keySet()) {
            for (int i = 0; i < 3; i++) {
                float h = 1e-2f;
                double slope = (loss(config, name, i, h) - loss(config, name, i, -h)) / (2 * h);
                assertThat((double) gradients.get(name)[i])
                        .as(name)
                        .isCloseTo(slope, within(1e-3 + 1e-2 * Math.abs(slope)));
            }
        }
    }

    private Map<String, float[]> gradients(TrainableModel model) {
        Torch.training();
        Map<String, float[]> gradients = new TreeMap<>();
        try (PtNDManager scope = Torch.within(memory)) {
            PtNDArray loss = model.loss(scope, batch, new Dropout(0, 1, 1), 1);
            JniUtils.backward(loss, Torch.scalar(scope, 1), false, false);
            model.parameters().forEach((name, parameter) -> {
                try (PtNDArray gradient = JniUtils.getGradient(parameter.value())) {
                    gradients.put(name, gradient.toFloatArray());
                }
            });
        }
        Torch.inference();
        return gradients;
    }

    private double loss(TrainingConfig config, String name, int index, float change) {
        SortedMap<String, Tensor> moved = new TreeMap<>(weights.tensors());
        float[] values = weights.tensor(name).values().clone();
        values[index] += change;
        moved.put(name, new Tensor(weights.tensor(name).shape(), values));
        try (PtNDManager scope = Torch.within(memory)) {
            return model(config, moved)
                    .loss(scope, batch, new Dropout(0, 1, 1), 1)
                    .getFloat();
        }
    }

    private TrainableModel model(TrainingConfig config, SortedMap<String, Tensor> tensors) {
        ClassifierWeights start = new ClassifierWeights(LORA, Fixtures.LABELS, tensors);
        return TrainableModel.of(memory, encoder, config, Checkpoint.fresh(new Checkpoint.Identity(""), start));
    }

    @Test
    void theGradientsOfAnExampleDoNotDependOnWhatItIsPaddedWith() {
        Examples alone = batch.select(new int[] {2});
        double together = 0;
        TrainableModel model = model(Fixtures.config().withLora(LORA), weights.tensors());
        float[][] logits = model.logits(batch);
        for (int i = 0; i < 3; i++) {
            together += batch.weights()[i] * -Math.log(Softmax.of(logits[i])[batch.classes()[i]]) / 3;
        }
        try (PtNDManager scope = Torch.within(memory)) {
            assertThat((double)
                            model.loss(scope, batch, new Dropout(0, 1, 1), 1).getFloat())
                    .isCloseTo(together, within(1e-5));
        }
        assertThat(model.logits(alone)[0]).containsExactly(logits[2], within(1e-5f));
    }

    @Test
    void aStepIsThatOfAdamWAfterClippingToTheGlobalNorm() {
        TrainingConfig config =
                Fixtures.config().withLora(LORA).withClipNorm(0.1).withWeightDecay(0.1);
        TrainableModel model = model(config, weights.tensors());
        Map<String, float[]> gradients = gradients(model);
        model.parameters().values().forEach(parameter -> JniUtils.zeroGrad(parameter.value()));
        double norm = 0;
        for (float[] gradient : gradients.values()) {
            for (float g : gradient) {
                norm += (double) g * g;
            }
        }
        double clip = 0.1 / Math.sqrt(norm);
        assertThat(clip).isLessThan(1);
        model.step(batch, 1, 0.5, 1);
        SortedMap<String, Tensor> after = model.tensors();
        gradients.forEach((name, gradient) -> {
            double rate = 0.5 * (ClassifierWeights.isHead(name) ? config.headLearningRate() : config.learningRate());
            double decay = name.equals(ClassifierWeights.HEAD_BIAS) ? 0 : 0.1;
            double g = gradient[0] * clip; // after one step the corrected moments are g and g^2
            double before = weights.tensor(name).values()[0];
            double expected = before - rate * decay * before - rate * g / (Math.abs(g) + 1e-8);
            assertThat((double) after.get(name).values()[0]).as(name).isCloseTo(expected, within(2e-6));
        });
    }

    @Test
    void aStepOverMicroBatchesIsThatOverTheWholeBatch() {
        TrainingConfig config =
                Fixtures.config().withLora(LORA).withClipNorm(0.1).withLabelSmoothing(0.1);
        TrainableModel whole = model(config, weights.tensors());
        double expected = whole.step(batch, 1, 1, 1.2);
        for (int parts : new int[] {2, 3}) {
            TrainableModel cut = model(config.withMicroBatches(parts), weights.tensors());
            assertThat(cut.step(batch, 1, 1, 1.2)).isCloseTo(expected, within(1e-5));
            whole.tensors()
                    .forEach((name, tensor) ->
                            assertThat(moved(cut, name)).as(name).containsExactly(moved(whole, name), within(1e-5f)));
        }
        assertThat(moved(whole, ClassifierWeights.HEAD_WEIGHT))
                .as("the step moves something")
                .isNotEqualTo(weights.tensor(ClassifierWeights.HEAD_WEIGHT).values());
    }

    /** The first moment is a tenth of the gradient: a weight's own step hides its size. */
    private static float[] moved(TrainableModel model, String name) {
        Parameter parameter = model.parameters().get(name);
        return parameter == null ? new float[0] : parameter.firstMoment().toFloatArray();
    }

    @Test
    void microBatchesDrawDropoutOfTheirOwn() {
        LoraConfig dropping = new LoraConfig(2, 4, 0.5, List.copyOf(LoraConfig.TARGETS));
        TrainingConfig config = Fixtures.config().withLora(dropping);
        Examples twice = batch.select(new int[] {0, 0});
        double half = model(config, weights.tensors()).step(twice.select(new int[] {0}), 1, 1, 1);
        double both = model(config.withMicroBatches(2), weights.tensors()).step(twice, 1, 1, 1);
        assertThat(both).isNotCloseTo(half, within(1e-6));
    }

    /** Szegedy et al., arXiv:1512.00567, section 7, as in torch's cross_entropy. */
    @Test
    void labelSmoothingSpreadsAShareOfTheTargetOverAllLabels() {
        TrainableModel model = model(Fixtures.config().withLora(LORA).withLabelSmoothing(0.3), weights.tensors());
        double expected = 0;
        float[][] logits = model.logits(batch);
        for (int i = 0; i < 3; i++) {
            float[] probabilities = Softmax.of(logits[i]);
            double uniform = 0;
            for (float probability : probabilities) {
                uniform -= Math.log(probability) / 3;
            }
            double hard = -Math.log(probabilities[batch.classes()[i]]);
            expected += batch.weights()[i] * (0.7 * hard + 0.3 * uniform) / 3;
        }
        try (PtNDManager scope = Torch.within(memory)) {
            assertThat((double)
                            model.loss(scope, batch, new Dropout(0, 1, 1), 1).getFloat())
                    .isCloseTo(expected, within(1e-5));
        }
    }
}
