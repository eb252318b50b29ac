package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraLayers;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.CausalLoss;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.GoldenDecoder;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Tag("golden")
class TrainableDecoderTest {
    static final List<String> MODELS = GoldenDecoder.NAMES;

    private static final TrainableDecoder.Rate RATE = new TrainableDecoder.Rate(5e-3, 0.01, 1);

    private static DecoderModel open(String name) {
        return DecoderModel.open(GoldenDecoder.directory(name));
    }

    private static List<CausalExample> examples(GoldenDecoder golden) {
        List<CausalExample> examples = new ArrayList<>();
        for (int i = 0; i < golden.texts().size(); i++) {
            examples.add(
                    new CausalExample(golden.texts().get(i), golden.prompts().get(i)));
        }
        return examples;
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void theLossOfAnswersAndItsGradientsAreThoseOfPeft(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = open(name);
                TrainableDecoder decoder = new TrainableDecoder(model, GoldenDecoder.adapter(name, model), 1)) {
            Map<String, float[]> gradients = new TreeMap<>();
            assertThat(gradients(decoder, examples(golden), gradients)).isCloseTo(golden.loss(), within(1e-5));
            double worst = 0;
            try (SafetensorsFile file =
                    SafetensorsFile.open(GoldenDecoder.directory(name).resolve("gradients.safetensors"))) {
                assertThat(file.names()).hasSameSizeAs(gradients.keySet());
                for (String parameter : gradients.keySet()) {
                    Tensor expected = file.tensor("base_model.model." + parameter + ".weight");
                    worst = Math.max(worst, difference(expected.values(), gradients.get(parameter)));
                }
            }
            GoldenDifference.check("gradients", worst, 1e-5);
        }
    }

    private static double gradients(
            TrainableDecoder decoder, List<CausalExample> batch, Map<String, float[]> gradients) {
        Torch.training();
        try (PtNDManager scope = Torch.memory()) {
            PtNDArray loss = decoder.loss(scope, batch, new Dropout(0, 1, 1));
            JniUtils.backward(loss, Torch.scalar(scope, 1), false, false);
            decoder.parameters().forEach((name, parameter) -> {
                try (PtNDArray gradient = JniUtils.getGradient(parameter.value())) {
                    gradients.put(name, gradient.toFloatArray());
                }
            });
            return loss.getFloat();
        } finally {
            Torch.inference();
        }
    }

    private static double difference(float[] expected, float[] found) {
        assertThat(found).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(expected[i] - found[i]));
        }
        return worst;
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void tenStepsOfAdamWLoseWhatTheyLoseInPeft(String name) throws IOException {
        GoldenDecoder golden = GoldenDecoder.of(name);
        try (DecoderModel model = open(name);
                TrainableDecoder decoder = new TrainableDecoder(model, GoldenDecoder.adapter(name, model), 1)) {
            for (int t = 1; t <= golden.losses().size(); t++) {
                double loss = decoder.step(examples(golden), t, RATE);
                GoldenDifference.check(
                        "losses of ten steps", Math.abs(loss - golden.losses().get(t - 1)), 1e-4);
            }
        }
    }

    @Test
    void onlyAnswersCountAndHowABatchIsFilledUpDoesNot() {
        try (DecoderModel model = open("llama");
                TrainableDecoder decoder = new TrainableDecoder(model, GoldenDecoder.adapter("llama", model), 1)) {
            CausalExample answer = new CausalExample(new long[] {3, 4, 5, 6, 7}, 3);
            CausalExample whole = CausalExample.whole(new long[] {8, 9, 10, 11, 12, 13, 14});
            CausalExample prompt = new CausalExample(new long[] {1, 2, 3, 4, 5, 6, 7, 8}, 8);
            assertThat(answer.targets()).isEqualTo(2);
            assertThat(whole.targets()).isEqualTo(6);
            double mean = (2 * decoder.loss(List.of(answer)) + 6 * decoder.loss(List.of(whole))) / 8;
            assertThat(decoder.loss(List.of(answer, prompt, whole))).isCloseTo(mean, within(1e-5));
            assertThatThrownBy(() -> decoder.loss(List.of(prompt))).hasMessageContaining("it is all prompt");
            assertThatThrownBy(() -> new CausalExample(new long[] {1}, 2))
                    .hasMessageContaining("cannot start with a prompt of 2");
        }
    }

    @Test
    void aTrainedAdapterGivesTheSameLossOutsideTheTraining() throws IOException {
        List<CausalExample> batch = examples(GoldenDecoder.of("qwen2-tied"));
        LoraSettings settings = LoraSettings.of(2, 8, "q_proj", "down_proj");
        try (DecoderModel model = open("qwen2-tied");
                TrainableDecoder decoder = new TrainableDecoder(
                        model, LoraWeights.fresh(settings, model.weights().linears(), 1), 1)) {
            double before = decoder.loss(batch);
            for (int t = 1; t <= 20; t++) {
                decoder.step(batch, t, RATE);
            }
            double after = decoder.loss(batch);
            assertThat(after).isLessThan(before - 0.1);
            try (PtNDManager scope = Torch.within(model.memory());
                    LoraLayers adapter = new LoraLayers(scope, decoder.weights())) {
                double loss =
                        CausalLoss.of(scope, model.weights(), adapter, batch).getFloat();
                assertThat(loss).isCloseTo(after, within(1e-5));
            }
        }
    }

    @Test
    void dropoutIsGivenBySeedAndStepAndLeavesValidationAlone() throws IOException {
        List<CausalExample> batch = examples(GoldenDecoder.of("llama"));
        try (DecoderModel model = open("llama")) {
            LoraWeights plain = GoldenDecoder.adapter("llama", model);
            LoraSettings settings = plain.settings();
            LoraWeights dropping = new LoraWeights(
                    new LoraSettings(
                            2, 4, 0.5, false, settings.targetModules(), ModulePatterns.none(), ModulePatterns.none()),
                    plain.tensors());
            assertThat(firstLoss(model, dropping, batch, 1)).isEqualTo(firstLoss(model, dropping, batch, 1));
            assertThat(firstLoss(model, dropping, batch, 1)).isNotEqualTo(firstLoss(model, dropping, batch, 2));
            try (TrainableDecoder decoder = new TrainableDecoder(model, dropping, 1)) {
                assertThat(decoder.loss(batch))
                        .isCloseTo(GoldenDecoder.of("llama").loss(), within(1e-5));
            }
        }
    }

    private static double firstLoss(DecoderModel model, LoraWeights weights, List<CausalExample> batch, long seed) {
        try (TrainableDecoder decoder = new TrainableDecoder(model, weights, seed)) {
            return decoder.step(batch, 1, RATE);
        }
    }

    @Test
    void stepsLeaveNoArrayBehind() throws IOException {
        List<CausalExample> batch = examples(GoldenDecoder.of("llama"));
        try (DecoderModel model = open("llama");
                TrainableDecoder decoder = new TrainableDecoder(model, GoldenDecoder.adapter("llama", model), 1)) {
            decoder.step(batch, 1, RATE);
            int arrays = decoder.managedArrays();
            for (int t = 2; t < 10; t++) {
                decoder.step(batch, t, RATE);
                decoder.loss(batch);
            }
            assertThat(decoder.managedArrays()).isEqualTo(arrays);
        }
    }

    @Test
    void aDivergingRunSaysSo() throws IOException {
        List<CausalExample> batch = examples(GoldenDecoder.of("llama"));
        try (DecoderModel model = open("llama");
                TrainableDecoder decoder = new TrainableDecoder(model, GoldenDecoder.adapter("llama", model), 1)) {
            TrainableDecoder.Rate wild = new TrainableDecoder.Rate(1e30, 0, 1e30);
            assertThatThrownBy(() -> {
                        for (int t = 1; t < 5; t++) {
                            decoder.step(batch, t, wild);
                        }
                    })
                    .isInstanceOf(TrainingDivergedException.class);
        }
    }
}
