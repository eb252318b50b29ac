package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs a checkpoint continues. */
class CheckpointTest {
    private static final TrainingData DATA = Fixtures.data();

    @TempDir
    Path directory;

    private Path copy(Path model, String name) throws IOException {
        Path copy = Files.createDirectories(directory.resolve(name));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(model.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private static void change(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void aClassifiersRunGoesOnOverWhatComputesTheSameOnly() throws IOException {
        Path checkpoint = directory.resolve("checkpoint");
        try (TextEncoder encoder = Fixtures.tinyEncoder();
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, Fixtures.config())) {
            session.checkpoint(checkpoint);
        }
        Path same = copy(Fixtures.tinyBert(), "same");
        change(same.resolve("config.json"), "\"hidden_dropout_prob\": 0.1", "\"hidden_dropout_prob\": 0.2");
        try (TextEncoder encoder = TextEncoder.open(same.toString());
                TrainingSession<TextClassifier> session =
                        TrainingSession.resume(encoder, DATA, Fixtures.config(), checkpoint)) {
            assertThat(session.done()).isFalse();
        }
        Path epsilon = copy(Fixtures.tinyBert(), "epsilon");
        change(epsilon.resolve("config.json"), "\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": 1e-5");
        Path tokenizer = copy(Fixtures.tinyBert(), "tokenizer");
        change(tokenizer.resolve("tokenizer.json"), "\"lowercase\": true", "\"lowercase\": false");
        Path pooling = copy(Fixtures.tinyBert(), "pooling");
        Files.createDirectory(pooling.resolve("1_Pooling"));
        Files.writeString(pooling.resolve("1_Pooling").resolve("config.json"), "{\"pooling_mode_cls_token\": true}");
        for (Path other : List.of(epsilon, tokenizer, pooling)) {
            try (TextEncoder encoder = TextEncoder.open(other.toString())) {
                assertThatThrownBy(() -> TrainingSession.resume(encoder, DATA, Fixtures.config(), checkpoint))
                        .as("another %s", other.getFileName())
                        .isInstanceOf(ModelFormatException.class)
                        .hasMessageContaining("no checkpoint of a run with this model");
            }
        }
    }

    @Test
    void aLanguageModelsRunGoesOnOverWhatComputesTheSameOnly() throws IOException {
        Path checkpoint = directory.resolve("checkpoint");
        Path model = GoldenLanguage.directory("qwen2");
        TrainingConfig config = LanguageRuns.config(LanguageTrainingTest.LORA);
        CausalData data;
        try (LanguageModel open = LanguageModel.open(model)) {
            data = LanguageRuns.data(open);
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(open, data, config)) {
                session.checkpoint(checkpoint);
            }
        }
        try (LanguageModel open = LanguageModel.open(copy(model, "same"));
                TrainingSession<LanguageTuning> session = TrainingSession.resume(open, data, config, checkpoint)) {
            assertThat(session.done()).isFalse();
        }
        Path epsilon = copy(model, "epsilon");
        change(epsilon.resolve("config.json"), "\"rms_norm_eps\": 1e-06", "\"rms_norm_eps\": 1e-05");
        try (LanguageModel open = LanguageModel.open(epsilon)) {
            assertRefused(open, data, config, checkpoint);
        }
        for (BasePrecision precision : List.of(BasePrecision.NF4, BasePrecision.FLOAT16)) {
            try (LanguageModel open = LanguageModel.open(model, precision)) {
                assertRefused(open, data, config, checkpoint);
            }
        }
    }

    private static void assertRefused(LanguageModel model, CausalData data, TrainingConfig config, Path checkpoint) {
        assertThatThrownBy(() -> TrainingSession.resume(model, data, config, checkpoint))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("no checkpoint of a run with this model");
    }

    @Test
    void otherTextsLabelsAndWeightsAreOtherRuns() {
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            Path checkpoint = directory.resolve("checkpoint");
            LabelledText a = new LabelledText("a", "x");
            LabelledText b = new LabelledText("b", "y");
            TrainingData data = new TrainingData(List.of("x", "y"), List.of(a, b), List.of());
            try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, Fixtures.config())) {
                session.checkpoint(checkpoint);
            }
            for (TrainingData other : List.of(
                    new TrainingData(List.of("y", "x"), List.of(a, b), List.of()),
                    new TrainingData(List.of("x", "y"), List.of(a), List.of(b)),
                    new TrainingData(List.of("x", "y"), List.of(b, a), List.of()),
                    new TrainingData(List.of("x", "y"), List.of(a, new LabelledText("b", "y", 2)), List.of()),
                    new TrainingData(List.of("x", "y"), List.of(a, new LabelledText("b", "x")), List.of()))) {
                assertThatThrownBy(() -> TrainingSession.resume(encoder, other, Fixtures.config(), checkpoint))
                        .isInstanceOf(ModelFormatException.class);
            }
        }
    }
}
