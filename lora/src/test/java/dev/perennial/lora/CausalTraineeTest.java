package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.recipe.LearningRates;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Tag("golden")
class CausalTraineeTest {
    static final List<String> MODELS = GoldenDecoder.NAMES;

    private static DecoderModel open(String name) {
        return DecoderModel.open(GoldenDecoder.directory(name));
    }

    private static List<CausalExample> examples(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        List<CausalExample> examples = new ArrayList<>();
        for (int i = 0; i < golden.texts().size(); i++) {
            examples.add(
                    new CausalExample(golden.texts().get(i), golden.prompts().get(i)));
        }
        examples.removeIf(example -> example.targets() == 0); // takes part in no loss
        return examples;
    }

    /** A trainee over a batch with its parameters. */
    private static final class Run implements AutoCloseable {
        final CausalTrainee trainee;
        final PtNDManager memory = Torch.memory();
        final Parameters parameters;
        final int[] batch;

        Run(DecoderModel model, LoraWeights start, List<CausalExample> batch) {
            this(model, start, TuningMethod.lora(start.settings()), batch);
        }

        Run(DecoderModel model, LoraWeights start, TuningMethod method, List<CausalExample> batch) {
            this(model, start, TrainingConfig.causal().withMethod(method).withMaxTokens(8192), batch);
        }

        Run(DecoderModel model, LoraWeights start, TrainingConfig config, List<CausalExample> batch) {
            trainee = new CausalTrainee(
                    memory,
                    model,
                    Path.of("unused"),
                    new CausalData(batch, List.of()),
                    config,
                    new Trained(config.method(), start.tensors()));
            parameters = new Parameters(memory, Parameters.Weights.fresh(start.tensors()));
            this.batch = IntStream.range(0, batch.size()).toArray();
        }

        double accumulate(Draw draw) {
            Torch.training();
            try {
                return trainee.accumulate(parameters.arrays(), batch, trainee.mass(batch), draw);
            } finally {
                Torch.inference();
            }
        }

        Map<String, float[]> gradients() {
            Map<String, float[]> gradients = new TreeMap<>();
            for (Parameter parameter : parameters.all()) {
                try (PtNDArray gradient = JniUtils.getGradient(parameter.value())) {
                    gradients.put(parameter.name(), gradient.toFloatArray());
                }
            }
            return gradients;
        }

        double step(int t, LearningRates rates, double clip) {
            double loss = accumulate(Draw.none());
            AdamW.step(memory, List.copyOf(parameters.all()), t, clip, new Rates(rates, 0.01, 1));
            return loss;
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void theLossOfAnswersAndItsGradientsAreThoseOfPeft(String name) throws IOException {
        try (DecoderModel model = open(name);
                Run run = new Run(model, GoldenDecoder.adapter(name, model), examples(name))) {
            assertThat(run.accumulate(Draw.none()))
                    .isCloseTo(GoldenDecoder.of(name).loss(), within(1e-5));
            Map<String, float[]> gradients = run.gradients();
            try (SafetensorsFile file =
                    SafetensorsFile.open(GoldenDecoder.directory(name).resolve("gradients.safetensors"))) {
                assertThat(file.names()).hasSameSizeAs(gradients.keySet());
                gradients.forEach((parameter, gradient) -> {
                    Tensor expected = file.tensor("base_model.model." + parameter + ".weight");
                    assertThat(gradient).as(parameter).containsExactly(expected.values(), within(1e-5f));
                });
            }
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void tenStepsOfAdamWLoseWhatTheyLoseInPeft(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = open(name);
                Run run = new Run(model, GoldenDecoder.adapter(name, model), examples(name))) {
            for (int t = 1; t <= golden.losses().size(); t++) {
                double loss = run.step(t, new LearningRates(5e-3, 0, 0), 1);
                GoldenDifference.check(
                        "losses of ten steps", Math.abs(loss - golden.losses().get(t - 1)), 1e-4);
            }
        }
    }

    /** 2^-10 is a unit in the last place of a product in 16 bits; a gradient comes through some fourteen of them. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void overABaseInHalfPrecisionLossesAndGradientsAreThoseOf32BitsWithinIt(String name) throws IOException {
        List<CausalExample> batch = examples(name);
        try (DecoderModel wide = open(name);
                DecoderModel narrow = DecoderModel.open(GoldenDecoder.directory(name), BasePrecision.FLOAT16)) {
            LoraWeights start = GoldenDecoder.adapter(name, wide);
            TuningMethod half = new TuningMethod.Lora(start.settings(), BasePrecision.FLOAT16);
            try (Run full = new Run(wide, start, batch);
                    Run converted = new Run(wide, start, half, batch);
                    Run opened = new Run(narrow, start, batch)) {
                double expected = full.accumulate(Draw.none());
                double loss = converted.accumulate(Draw.none());
                assertThat(loss).isCloseTo(expected, within(0x1p-10)).isNotEqualTo(expected);
                assertThat(opened.accumulate(Draw.none())).isEqualTo(loss);
                Map<String, float[]> found = converted.gradients();
                full.gradients().forEach((parameter, gradient) -> {
                    float[] narrowed = Objects.requireNonNull(found.get(parameter));
                    assertThat(distance(narrowed, gradient) / distance(gradient, new float[gradient.length]))
                            .as(parameter)
                            .isBetween(1e-6, 0x1p-7);
                    assertThat(opened.gradients().get(parameter)).containsExactly(narrowed);
                });
                LearningRates rates = new LearningRates(5e-3, 0, 0);
                for (int t = 1; t <= 10; t++) {
                    assertThat(opened.step(t, rates, 1)).isCloseTo(full.step(t, rates, 1), within(0x1p-8));
                }
            }
        }
    }

    private static double distance(float[] x, float[] y) {
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            squares += (x[i] - y[i]) * (double) (x[i] - y[i]);
        }
        return Math.sqrt(squares);
    }

    @Test
    void onlyAnswersCountAndHowABatchIsFilledUpDoesNot() {
        CausalExample answer = new CausalExample(new long[] {3, 4, 5, 6, 7}, 3);
        CausalExample whole = CausalExample.whole(new long[] {8, 9, 10, 11, 12, 13, 14});
        CausalExample two = new CausalExample(new long[] {1, 2, 3, 4}, new boolean[] {true, true, false, true}, 1);
        assertThat(answer.targets()).isEqualTo(2);
        assertThat(whole.targets()).isEqualTo(6);
        assertThat(two.targets()).as("the first token never counts").isEqualTo(2);
        try (DecoderModel model = open("llama")) {
            double mean = (2 * loss(model, answer) + 6 * loss(model, whole) + 2 * loss(model, two)) / 10;
            assertThat(loss(model, answer, whole, two)).isCloseTo(mean, within(1e-5));
            double heavy = (2 * 3 * loss(model, answer) + 6 * loss(model, whole)) / (8 * 2);
            assertThat(loss(model, answer.withWeight(3), whole)).isCloseTo(heavy, within(1e-5));
        }
        CausalExample prompt = new CausalExample(new long[] {1, 2, 3}, 3);
        assertThatThrownBy(() -> new CausalData(List.of(answer, prompt), List.of()))
                .hasMessageContaining("no token of train[1] counts");
        assertThatThrownBy(() -> new CausalData(List.of(answer), List.of(), List.of()).cut(3))
                .hasMessageContaining("maxTokens");
        assertThatThrownBy(() -> new CausalExample(new long[] {1}, 2))
                .hasMessageContaining("cannot start with a prompt of 2");
    }

    private static double loss(DecoderModel model, CausalExample... batch) {
        try (Run run = new Run(model, GoldenDecoder.adapter("llama", model), List.of(batch))) {
            return run.accumulate(Draw.none());
        }
    }

    /** Szegedy et al., arXiv:1512.00567, section 7, as in torch's cross_entropy; from the logits that peft has. */
    @ParameterizedTest
    @FieldSource("MODELS")
    void labelSmoothingSpreadsAShareOfTheTargetOverTheVocabulary(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        List<CausalExample> batch = new ArrayList<>();
        double hard = 0;
        double uniform = 0;
        double tokens = 0;
        double weights = 0;
        for (int i = 0; i < golden.texts().size(); i++) {
            CausalExample example =
                    new CausalExample(golden.texts().get(i), golden.prompts().get(i)).withWeight(1 + i / 2f);
            if (example.targets() > 0) {
                batch.add(example);
                weights += example.weight();
            }
            for (int j = 0; j < example.tokens().length; j++) {
                if (example.counted()[j]) {
                    double[] logs = logSoftmax(golden.adapted().get(i).get(j - 1));
                    hard -= example.weight() * logs[(int) example.tokens()[j]];
                    uniform -= example.weight() * Arrays.stream(logs).sum() / logs.length;
                    tokens++;
                }
            }
        }
        double mass = tokens * weights / batch.size();
        try (DecoderModel model = open(name)) {
            LoraWeights start = GoldenDecoder.adapter(name, model);
            TrainingConfig config = TrainingConfig.causal()
                    .withLora(start.settings())
                    .withMaxTokens(8192)
                    .withLabelSmoothing(0.3);
            try (Run run = new Run(model, start, config, batch)) {
                assertThat(run.accumulate(new Draw(1, 1, 0, false)))
                        .isCloseTo((0.7 * hard + 0.3 * uniform) / mass, within(1e-5));
                assertThat(run.accumulate(Draw.none()))
                        .as("a loss that is only looked at is not smoothed")
                        .isCloseTo(hard / mass, within(1e-5));
            }
        }
    }

    private static double[] logSoftmax(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double log = Math.log(sum);
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i] - log)
                .toArray();
    }

    @Test
    void dropoutIsGivenBySeedAndStepAndLeavesValidationAlone() throws IOException {
        List<CausalExample> batch = examples("llama");
        try (DecoderModel model = open("llama")) {
            LoraWeights plain = GoldenDecoder.adapter("llama", model);
            LoraWeights dropping = new LoraWeights(
                    Fixtures.dropping(2, 0.5, plain.settings().targetModules().toArray(String[]::new)),
                    plain.tensors());
            try (Run run = new Run(model, dropping, batch)) {
                Draw draw = new Draw(1, 1, 0, false);
                assertThat(run.accumulate(draw)).isEqualTo(run.accumulate(draw));
                assertThat(run.accumulate(draw)).isNotEqualTo(run.accumulate(new Draw(1, 2, 0, false)));
                assertThat(run.accumulate(draw)).isNotEqualTo(run.accumulate(new Draw(2, 1, 0, false)));
                assertThat(run.accumulate(Draw.none()))
                        .isCloseTo(GoldenDecoder.of("llama").loss(), within(1e-5));
            }
        }
    }
}
