package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.probe.Softmax;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClassifierTraineeTest {
    private static final LoraSettings LORA = Fixtures.allTargets(2);
    private static final int[] ALL = {0, 1, 2};
    private static final TrainingData BATCH = new TrainingData(
            Fixtures.LABELS,
            List.of(
                    new LabelledText("my router is dead", "outage", 1),
                    new LabelledText("what is the price", "billing", 2),
                    new LabelledText("quit", "cancel", 0.5f)),
            List.of());

    private final TextEncoder encoder = Fixtures.tinyEncoder();
    private final PtNDManager memory = Torch.memory();
    private final ClassifierWeights weights = Fixtures.weights(encoder, LORA, Fixtures.LABELS);
    private final Examples examples = Examples.of(encoder, BATCH.train(), Fixtures.LABELS, 64);

    @AfterEach
    void close() {
        memory.close();
        encoder.close();
    }

    private static TrainingConfig config() {
        return Fixtures.config().withLora(LORA);
    }

    /** Loss and gradients of a batch at given weights. */
    private record Slope(double loss, Map<String, float[]> gradients) {}

    private Slope slope(TrainingConfig config, SortedMap<String, Tensor> tensors, int... batch) {
        Torch.training();
        try (Parameters parameters = new Parameters(memory, Parameters.Weights.fresh(tensors))) {
            ClassifierTrainee trainee = trainee(config, tensors);
            double mass = trainee.mass(batch);
            double loss = 0;
            List<int[]> parts = EpochPlan.parts(batch, config.schedule().microBatches());
            for (int i = 0; i < parts.size(); i++) {
                loss += trainee.accumulate(
                        parameters.arrays(), parts.get(i), mass, new Draw(config.seed(), 1, i, false));
            }
            Map<String, float[]> gradients = new TreeMap<>();
            for (Parameter parameter : parameters.all()) {
                try (PtNDArray gradient = JniUtils.getGradient(parameter.value())) {
                    gradients.put(parameter.name(), gradient.toFloatArray());
                }
            }
            return new Slope(loss, gradients);
        } finally {
            Torch.inference();
        }
    }

    private ClassifierTrainee trainee(TrainingConfig config, SortedMap<String, Tensor> tensors) {
        return ClassifierTrainee.of(memory, encoder, BATCH, config, new Trained(config.method(), tensors));
    }

    private float[][] logits() {
        try (TextClassifier classifier = TextClassifier.of(encoder, weights)) {
            return classifier.logits(examples.tokens());
        }
    }

    /** Texts whose labels are beyond what training sees of them. */
    @Test
    void textsThatJudgeAClassifierAreAsLongAsInUse() {
        List<LabelledText> validation = Fixtures.texts(4, 3).stream()
                .map(text -> new LabelledText("my ".repeat(20) + text.text(), text.label()))
                .toList();
        TrainingData data = new TrainingData(Fixtures.LABELS, Fixtures.texts(14, 1), validation);
        try (TrainingSession<TextClassifier> session =
                TrainingSession.start(encoder, data, config().withMaxTokens(8))) {
            Fixtures.finish(session);
            try (TextClassifier classifier = session.finish()) {
                List<Classification> answers = classifier.classify(
                        validation.stream().map(LabelledText::text).toList());
                float[][] logits = answers.stream().map(Classification::logits).toArray(float[][]::new);
                int[] classes = validation.stream()
                        .mapToInt(text -> Fixtures.LABELS.indexOf(text.label()))
                        .toArray();
                assertThat(session.summary().bestValidationLoss().orElseThrow())
                        .isCloseTo(Validation.of(logits, classes).loss(), within(1e-5));
                double temperature = Temperature.fit(logits, classes);
                assertThat(answers.getFirst().probabilities())
                        .containsExactly(Softmax.of(logits[0], temperature), within(1e-5f));
            }
        }
    }

    @Test
    void everyParametersGradientIsThatOfFiniteDifferences() {
        TrainingConfig config = config().withLabelSmoothing(0.1);
        Map<String, float[]> gradients = slope(config, weights.tensors(), ALL).gradients;
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

    private double loss(TrainingConfig config, String name, int index, float change) {
        SortedMap<String, Tensor> moved = new TreeMap<>(weights.tensors());
        float[] values = weights.tensor(name).values().clone();
        values[index] += change;
        moved.put(name, new Tensor(weights.tensor(name).shape(), values));
        return slope(config, moved, ALL).loss;
    }

    @Test
    void theLossIsTheWeightedMeanWhateverATextIsPaddedWith() {
        double expected = 0;
        float[][] logits = logits();
        for (int i = 0; i < 3; i++) {
            expected += examples.weights()[i] * -Math.log(Softmax.of(logits[i])[examples.classes()[i]]);
        }
        assertThat(slope(config(), weights.tensors(), ALL).loss).isCloseTo(expected / 3.5, within(1e-5));
        double alone = -Math.log(Softmax.of(logits[2])[examples.classes()[2]]);
        assertThat(slope(config(), weights.tensors(), 2).loss)
                .as("a light example weighs the same in every batch")
                .isCloseTo(0.5 * alone / (3.5 / 3), within(1e-5));
    }

    @Test
    void aStepIsThatOfAdamWAfterClippingToTheGlobalNorm() {
        TrainingConfig config = config().withClipNorm(0.1).withWeightDecay(0.1);
        Map<String, float[]> gradients = slope(config, weights.tensors(), ALL).gradients;
        double norm = 0;
        for (float[] gradient : gradients.values()) {
            for (float g : gradient) {
                norm += (double) g * g;
            }
        }
        double clip = 0.1 / Math.sqrt(norm);
        assertThat(clip).isLessThan(1);
        SortedMap<String, Tensor> after;
        Torch.training();
        try (Parameters parameters = new Parameters(memory, Parameters.Weights.fresh(weights.tensors()))) {
            ClassifierTrainee trainee = trainee(config, weights.tensors());
            trainee.accumulate(parameters.arrays(), ALL, trainee.mass(ALL), Draw.none());
            AdamW.step(memory, List.copyOf(parameters.all()), 1, 0.1, new Rates(config.rates(), 0.1, 0.5));
            after = parameters.tensors();
        } finally {
            Torch.inference();
        }
        gradients.forEach((name, gradient) -> {
            double rate = 0.5
                    * (ClassifierWeights.isHead(name)
                            ? config.rates().head()
                            : config.rates().adapter());
            double decay = name.equals(ClassifierWeights.HEAD_BIAS) ? 0 : 0.1;
            double g = gradient[0] * clip; // after one step the corrected moments are g and g^2
            double before = weights.tensor(name).values()[0];
            double expected = before - rate * decay * before - rate * g / (Math.abs(g) + 1e-8);
            assertThat((double) after.get(name).values()[0]).as(name).isCloseTo(expected, within(2e-6));
        });
    }

    @Test
    void microBatchesGiveTheGradientsOfTheWholeBatch() {
        TrainingConfig config = config().withLabelSmoothing(0.1);
        Slope whole = slope(config, weights.tensors(), ALL);
        for (int parts : new int[] {2, 3}) {
            Slope cut = slope(config.withMicroBatches(parts), weights.tensors(), ALL);
            assertThat(cut.loss).isCloseTo(whole.loss, within(1e-5));
            whole.gradients.forEach((name, gradient) ->
                    assertThat(cut.gradients.get(name)).as(name).containsExactly(gradient, within(1e-5f)));
        }
    }

    @Test
    void microBatchesDrawDropoutOfTheirOwn() {
        TrainingConfig config = Fixtures.config().withLora(Fixtures.dropping(2, 0.5, "query", "key", "value"));
        SortedMap<String, Tensor> tensors = Fixtures.weights(
                        encoder, Fixtures.dropping(2, 0.5, "query", "key", "value"), Fixtures.LABELS)
                .tensors();
        double half = slope(config, tensors, 0).loss;
        double both = slope(config.withMicroBatches(2), tensors, 0, 0).loss;
        assertThat(both).isNotCloseTo(half, within(1e-6));
    }

    /** Szegedy et al., arXiv:1512.00567, section 7, as in torch's cross_entropy. */
    @Test
    void labelSmoothingSpreadsAShareOfTheTargetOverAllLabels() {
        double expected = 0;
        float[][] logits = logits();
        for (int i = 0; i < 3; i++) {
            float[] probabilities = Softmax.of(logits[i]);
            double uniform = 0;
            for (float probability : probabilities) {
                uniform -= Math.log(probability) / 3;
            }
            double hard = -Math.log(probabilities[examples.classes()[i]]);
            expected += examples.weights()[i] * (0.7 * hard + 0.3 * uniform) / 3.5;
        }
        assertThat(slope(config().withLabelSmoothing(0.3), weights.tensors(), ALL).loss)
                .isCloseTo(expected, within(1e-5));
    }
}
