package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final List<LabelledText> EARLIER = Fixtures.texts(2, 5);
    private static final TrainingData DATA =
            new TrainingData(Fixtures.LABELS, Fixtures.texts(4, 1), List.of(), EARLIER);

    private final TextEncoder encoder = Fixtures.tinyEncoder();
    private final PtNDManager memory = Torch.memory();
    private final ClassifierWeights weights = Fixtures.weights(encoder, Fixtures.allTargets(2), Fixtures.LABELS);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        memory.close();
        encoder.close();
    }

    private static TrainingConfig config(Retention retention) {
        return Fixtures.config().withRetention(retention);
    }

    @Test
    void retentionWithoutEarlierExamplesIsRefused() {
        for (Retention retention : List.of(new Retention(0.2, 0), new Retention(0, 1))) {
            assertThatThrownBy(() -> TrainingSession.start(encoder, Fixtures.data(), config(retention)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("give the data some as earlier");
            try (LanguageModel model = LanguageRuns.open("qwen2")) {
                CausalData data = new CausalData(LanguageRuns.data(model).train(), List.of());
                TrainingConfig causal =
                        LanguageRuns.config(LanguageTrainingTest.LORA).withRetention(retention);
                assertThatThrownBy(() -> TrainingSession.start(model, data, causal))
                        .hasMessageContaining("give the data some as earlier");
            }
        }
    }

    /** Its weight and its length would show in the mean weight and in what is kept of the frozen layer. */
    @Test
    void withoutRetentionEarlierExamplesHaveNoEffectOnAClassifier() throws IOException {
        TrainingConfig config = config(Retention.none()).withFrozenLayers(1);
        LabelledText heavy = new LabelledText("my light is dead and my router is offline", "outage", 7);
        List<TrainingData> both = List.of(
                new TrainingData(Fixtures.LABELS, DATA.train(), List.of()),
                new TrainingData(Fixtures.LABELS, DATA.train(), List.of(), List.of(heavy)));
        Path checkpoint = directory.resolve("checkpoint");
        for (TrainingData data : both) {
            try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config)) {
                Fixtures.finish(session);
                session.checkpoint(checkpoint);
                try (TextClassifier classifier = session.finish()) {
                    classifier.save(directory.resolve("with " + data.earlier().size()));
                }
            }
        }
        LanguageRuns.assertSameFiles(directory.resolve("with 0"), directory.resolve("with 1"));
        try (TrainingSession<TextClassifier> resumed =
                TrainingSession.resume(encoder, both.getFirst(), config, checkpoint)) {
            assertThat(resumed.done()).as("a checkpoint of the same run").isTrue();
        }
    }

    @Test
    void norOnALanguageModel() throws IOException {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            TrainingConfig config = LanguageRuns.config(LanguageTrainingTest.LORA)
                    .withFrozenLayers(1)
                    .withMaxTokens(12);
            CausalExample heavy = LanguageRuns.data(model).earlier().getFirst().withWeight(7);

            for (List<CausalExample> earlier : List.of(List.<CausalExample>of(), List.of(heavy))) {
                CausalData data = new CausalData(LanguageRuns.data(model).train(), List.of(), earlier);
                try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                    Fixtures.finish(session);
                    session.finish().save(directory.resolve("with " + earlier.size()));
                }
            }
            LanguageRuns.assertSameFiles(directory.resolve("with 0"), directory.resolve("with 1"));
        }
    }

    @Test
    void anEpochHasTheStepsOfItsReplayedExamplesToo() {
        TrainingConfig once = config(Retention.none()).withBatchSize(1).withEpochs(1);
        assertThat(totalSteps(once)).isEqualTo(12);
        assertThat(totalSteps(once.withRetention(new Retention(0.25, 0)))).isEqualTo(16);
        assertThat(totalSteps(once.withRetention(new Retention(0.9, 0))))
                .as("no more than there are")
                .isEqualTo(18);
    }

    private int totalSteps(TrainingConfig config) {
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, config)) {
            int steps = 0;
            while (!session.done()) {
                session.step();
                steps++;
            }
            return steps;
        }
    }

    private Parameters parameters() {
        return new Parameters(memory, Parameters.Weights.fresh(weights.tensors()));
    }

    private ClassifierTrainee trainee() {
        TrainingConfig config = config(new Retention(0, 1));
        return ClassifierTrainee.of(memory, encoder, DATA, config, weights.trained());
    }

    private static Map<String, float[]> gradients(Parameters parameters) {
        Map<String, float[]> gradients = new TreeMap<>();
        for (Parameter parameter : parameters.all()) {
            try (PtNDArray gradient = JniUtils.getGradient(parameter.value())) {
                gradients.put(parameter.name(), gradient.toFloatArray());
            }
            JniUtils.zeroGrad(parameter.value());
        }
        return gradients;
    }

    @Test
    void theImportanceIsTheMeanSquareOfSingleExamplesGradientsOfMeanOne() {
        Torch.training();
        try (Parameters parameters = parameters()) {
            ClassifierTrainee trainee = trainee();
            Map<String, double[]> squares = new TreeMap<>();
            for (int example = DATA.train().size(); example < 18; example++) {
                int[] alone = {example};
                trainee.accumulate(parameters.arrays(), alone, trainee.mass(alone), Draw.none());
                gradients(parameters).forEach((name, gradient) -> {
                    double[] sums = squares.computeIfAbsent(name, _ -> new double[gradient.length]);
                    for (int i = 0; i < sums.length; i++) {
                        sums[i] += (double) gradient[i] * gradient[i];
                    }
                });
            }
            double mean = squares.values().stream()
                    .flatMapToDouble(Arrays::stream)
                    .average()
                    .orElseThrow();
            Consolidation found = Consolidation.of(trainee, parameters, 1);
            double sum = 0;
            long count = 0;
            for (String name : squares.keySet()) {
                float[] importance = found.importance().get(name).values();
                for (int i = 0; i < importance.length; i++) {
                    double expected = squares.get(name)[i] / mean;
                    assertThat((double) importance[i]).isCloseTo(expected, within(1e-4 + 1e-4 * expected));
                    sum += importance[i];
                }
                count += importance.length;
            }
            assertThat(sum / count).isCloseTo(1, within(1e-4));
            LanguageRuns.assertSame(found.anchor(), weights.tensors());
            gradients(parameters)
                    .values()
                    .forEach(gradient -> assertThat(gradient)
                            .as("nothing is left for the first step")
                            .containsOnly(0));
        } finally {
            Torch.inference();
        }
    }

    @Test
    void thePenaltyAndItsGradientAreThoseOfTheFormula() {
        double strength = 3;
        Consolidation.Penalty penalty;
        Consolidation consolidation;
        try (Parameters parameters = parameters()) {
            consolidation = Consolidation.of(trainee(), parameters, 1);
            penalty = consolidation.over(memory, strength);
        }
        SortedMap<String, Tensor> moved = new TreeMap<>();
        weights.tensors().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += 0.01f * (i % 7 - 3);
            }
            moved.put(name, new Tensor(tensor.shape(), values));
        });
        Torch.training();
        try (Parameters parameters = new Parameters(memory, Parameters.Weights.fresh(moved))) {
            double value = penalty.accumulate(memory, parameters);
            Map<String, float[]> gradients = gradients(parameters);
            double expected = 0;
            for (String name : moved.keySet()) {
                float[] importance = consolidation.importance().get(name).values();
                for (int i = 0; i < importance.length; i++) {
                    double by = (double) moved.get(name).values()[i]
                            - weights.tensors().get(name).values()[i];
                    expected += strength / 2 * importance[i] * by * by;
                    double slope = strength * importance[i] * by;
                    assertThat((double) gradients.get(name)[i]).isCloseTo(slope, within(1e-5 + 1e-4 * Math.abs(slope)));
                }
            }
            assertThat(value).isCloseTo(expected, within(1e-4 * expected));
            assertThat(value).isPositive();
        } finally {
            Torch.inference();
        }
    }

    /** Where the anchor is a trained parent: then A and B both matter. */
    @Test
    void aGreatStrengthKeepsTheWeightsThatMatterAtTheirAnchor() {
        Path parent = directory.resolve("parent");
        ClassifierDirectory.write(parent, encoder, weights);
        TrainingConfig config = config(Retention.none()).withEpochs(6).withWeightDecay(0);
        double free = moved(config, parent);
        double held = moved(config.withRetention(new Retention(0, 1e4)), parent);
        assertThat(held).isLessThan(0.6 * free);
    }

    /** How far the adapters went, each weight by its importance to the earlier examples. */
    private double moved(TrainingConfig config, Path parent) {
        Path child = directory.resolve("child " + config.retention().ewc());
        Consolidation consolidation;
        try (Parameters parameters = parameters()) {
            consolidation = Consolidation.of(trainee(), parameters, 1);
        }
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, config, parent)) {
            Fixtures.finish(session);
            try (TextClassifier classifier = session.finish()) {
                classifier.save(child);
            }
        }
        ClassifierWeights after = ClassifierDirectory.read(child, encoder);
        double sum = 0;
        for (String name : weights.tensors().keySet()) {
            if (!ClassifierWeights.isHead(name)) {
                float[] importance = consolidation.importance().get(name).values();
                for (int i = 0; i < importance.length; i++) {
                    double by = after.tensor(name).values()[i]
                            - weights.tensor(name).values()[i];
                    sum += importance[i] * by * by;
                }
            }
        }
        return Math.sqrt(sum);
    }

    /** What is learnt now says the opposite of what was learnt before. */
    @Test
    void aChildForgetsLessWithReplayAndWithConsolidation() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            List<String> before = List.of("the router is dead", "the bill is late", "the light is red");
            List<String> now = List.of("red is the phone", "late is the box", "dead is the price");
            TrainingConfig config = LanguageRuns.config(LanguageTrainingTest.LORA)
                    .withEpochs(20)
                    .withBatchSize(3);
            Path parent = directory.resolve("parent");
            CausalData first = new CausalData(LanguageRuns.wholes(model, before), List.of());
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, first, config)) {
                Fixtures.finish(session);
                session.finish().save(parent);
            }
            CausalData second =
                    new CausalData(LanguageRuns.wholes(model, now), List.of(), LanguageRuns.wholes(model, before));
            List<Double> forgotten = new ArrayList<>();
            for (Retention retention : List.of(Retention.none(), new Retention(0.5, 0), new Retention(0, 30))) {
                Path child = directory.resolve("child " + forgotten.size());
                try (TrainingSession<LanguageTuning> session =
                        TrainingSession.start(model, second, config.withRetention(retention), parent)) {
                    Fixtures.finish(session);
                    session.finish().save(child);
                }
                try (LanguageAdapter adapter = model.adapter(child)) {
                    forgotten.add(LanguageRuns.scored(model, adapter, before));
                }
            }
            assertThat(forgotten.get(1)).as("replay").isLessThan(forgotten.get(0) - 0.1);
            assertThat(forgotten.get(2)).as("ewc").isLessThan(forgotten.get(0) - 0.1);
        }
    }
}
