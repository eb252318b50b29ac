package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.ConfigJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AdapterDirectoryTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path directory;

    @Test
    void anAdapterBelongsToThePathThatItsModelWasOpenedBy() {
        String relative =
                Path.of("").toAbsolutePath().relativize(Fixtures.tinyBert()).toString();
        JsonNode classifier = saved(TextEncoder.open(relative));
        assertThat(classifier.path("base_model_name_or_path").asString()).isEqualTo(relative);
        assertThat(classifier.has("revision")).isFalse();
        Path qwen2 = GoldenLanguage.directory("qwen2");
        for (TuningMethod method : LanguageTrainingTest.ADAPTERS) {
            JsonNode language = saved(LanguageModel.open(qwen2), method);
            assertThat(language.path("base_model_name_or_path").asString()).isEqualTo(qwen2.toString());
            assertThat(language.has("revision")).isFalse();
        }
    }

    @Test
    void anAdapterBelongsToTheModelOfTheHubThatItsBaseCameFrom() throws IOException {
        Path bert = cached(Fixtures.tinyBert(), "bert");
        assertFromHub(saved(TextEncoder.open(bert.toString())), "owner/bert");
        Path qwen2 = cached(GoldenLanguage.directory("qwen2"), "qwen2");
        for (TuningMethod method : LanguageTrainingTest.ADAPTERS) {
            assertFromHub(saved(LanguageModel.open(qwen2), method), "owner/qwen2");
        }
    }

    private static void assertFromHub(JsonNode config, String name) {
        assertThat(config.path("base_model_name_or_path").asString()).isEqualTo(name);
        assertThat(config.path("revision").asString()).isEqualTo(COMMIT);
    }

    /** As {@code ModelHub} leaves it. */
    private Path cached(Path model, String name) throws IOException {
        Path owner = Files.createDirectories(directory.resolve("cache/owner"));
        Files.createDirectory(owner.resolve("." + name));
        Path snapshot = Files.createDirectory(owner.resolve(name + "@" + COMMIT));
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, snapshot.resolve(String.valueOf(file.getFileName())));
            }
        }
        return snapshot;
    }

    private JsonNode saved(TextEncoder open) {
        try (TextEncoder encoder = open;
                TextClassifier classifier = GoldenFiles.adapted(encoder)) {
            return config(classifier.save(directory.resolve("adapter")));
        }
    }

    private JsonNode saved(LanguageModel open, TuningMethod method) {
        try (LanguageModel model = open) {
            Trained trained = method instanceof TuningMethod.Prefix prefix
                    ? new Trained(
                            method,
                            new TreeMap<>(Map.of(
                                    PrefixWeights.EMBEDDINGS,
                                    PrefixWeights.fresh(model.model().weights().attention(), prefix.tokens(), 1)
                                            .embeddings())))
                    : lora(model);
            return config(
                    new LanguageTuning(model.model(), model.directory(), trained).save(directory.resolve("language")));
        }
    }

    private static Trained lora(LanguageModel model) {
        LoraSettings settings = LoraSettings.of(2, 4, "q_proj");
        return new Trained(
                TuningMethod.lora(settings),
                LoraWeights.fresh(settings, model.model().weights().linears(), 1)
                        .tensors());
    }

    private static JsonNode config(Path saved) {
        return ConfigJson.read(saved.resolve("adapter_config.json")).json();
    }
}
