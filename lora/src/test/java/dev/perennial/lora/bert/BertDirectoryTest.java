package dev.perennial.lora.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class BertDirectoryTest {
    @TempDir
    Path directory;

    private String original = "";

    @BeforeEach
    void copyTinyBert() throws IOException, URISyntaxException {
        Path source = Path.of(BertDirectoryTest.class.getResource("/tiny-bert").toURI());
        for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            Files.copy(source.resolve(file), directory.resolve(file));
        }
        original = fingerprint();
    }

    private String fingerprint() {
        try (BertModel model = BertDirectory.load(directory)) {
            return model.sha256();
        }
    }

    @Test
    void aPrefixAndTheOldNamesOfLayerNormsAreUnderstood() throws IOException {
        rename(name -> "bert." + name);
        assertThat(fingerprint()).isEqualTo(original);
        rename(name -> name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"));
        assertThat(fingerprint()).isEqualTo(original);
    }

    private void rename(UnaryOperator<String> change) {
        Map<String, Tensor> renamed = new TreeMap<>();
        weights().forEach((name, tensor) -> renamed.put(change.apply(name), tensor));
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new TreeMap<>(), renamed);
    }

    private Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
            file.names().forEach(name -> weights.put(name, file.tensor(name)));
        }
        return weights;
    }

    @Test
    void shardsAreReadTogether() throws IOException {
        Map<String, Tensor> first = new TreeMap<>();
        Map<String, Tensor> second = new TreeMap<>();
        Map<String, String> index = new TreeMap<>();
        weights().forEach((name, tensor) -> {
            boolean embeddings = name.startsWith("embeddings");
            (embeddings ? first : second).put(name, tensor);
            index.put(name, embeddings ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors");
        });
        Files.delete(directory.resolve("model.safetensors"));
        SafetensorsWriter.write(directory.resolve("model-00001-of-00002.safetensors"), new TreeMap<>(), first);
        SafetensorsWriter.write(directory.resolve("model-00002-of-00002.safetensors"), new TreeMap<>(), second);
        writeIndex(index);
        assertThat(fingerprint()).isEqualTo(original);
        for (String outside : new String[] {"../model.safetensors", "..", "", "/etc/passwd", "a\u0000b"}) {
            index.put("embeddings.word_embeddings.weight", outside);
            writeIndex(index);
            assertThatThrownBy(this::fingerprint)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("shards must lie beside it");
        }
    }

    private void writeIndex(Map<String, String> index) throws IOException {
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                JsonMapper.shared().writeValueAsString(Map.of("weight_map", index)));
    }

    @Test
    void weightsThatAreNoNumbersAreRefused() {
        Map<String, Tensor> broken = weights();
        broken.get("encoder.layer.1.output.dense.bias").values()[3] = Float.POSITIVE_INFINITY;
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new TreeMap<>(), broken);
        assertThatThrownBy(this::fingerprint)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("no finite numbers");
    }

    @Test
    void thePoolingIsThatOfSentenceTransformers() throws IOException {
        assertThat(pooling()).isEqualTo(Pooling.MEAN);
        Path file = Files.createDirectories(directory.resolve("1_Pooling")).resolve("config.json");
        Files.writeString(file, "{\"pooling_mode_cls_token\": true}");
        assertThat(pooling()).isEqualTo(Pooling.CLS);
        Files.writeString(file, "{\"pooling_mode_max_tokens\": true}");
        assertThatThrownBy(this::pooling).hasMessageContaining("asks for pooling_mode_max_tokens; only either");
        Files.writeString(file, "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true}");
        assertThatThrownBy(this::pooling)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("asks for pooling_mode_cls_token and pooling_mode_mean_tokens; only either");
        Files.writeString(file, "{\"pooling_mode_cls_token\": \"yes\"}");
        assertThatThrownBy(this::pooling).hasMessageContaining("must be true or false");
    }

    @Test
    void modulesOfSentenceTransformersThatChangeTheVectorsAreRefused() throws IOException {
        String transformer = "{'path': '', 'type': 'sentence_transformers.models.Transformer'}";
        String pooling = "{'path': '1_Pooling', 'type': 'sentence_transformers.models.Pooling'}";
        String normalize = "{'path': '2_Normalize', 'type': 'sentence_transformers.models.Normalize'}";
        modules(transformer, pooling);
        assertThat(pooling()).isEqualTo(Pooling.MEAN);
        modules(transformer, pooling, normalize);
        assertThat(pooling()).isEqualTo(Pooling.MEAN);
        modules(transformer, pooling, "{'path': '2_Dense', 'type': 'sentence_transformers.models.Dense'}", normalize);
        assertThatThrownBy(this::pooling)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll("modules.json", "models.Dense' in '2_Dense'", "supported are");
        modules(transformer, pooling.replace("1_", "3_"));
        assertThatThrownBy(this::pooling).hasMessageContaining("in '3_Pooling'");
        Files.writeString(directory.resolve("modules.json"), "{}");
        assertThatThrownBy(this::pooling).hasMessageContaining("must hold a JSON array");
    }

    private void modules(String... modules) throws IOException {
        Files.writeString(
                directory.resolve("modules.json"),
                "[" + String.join(",", modules).replace('\'', '"') + "]");
    }

    private Pooling pooling() {
        try (BertModel model = BertDirectory.load(directory)) {
            return model.pooling();
        }
    }

    @Test
    void aConfigThatIsNotSupportedOrDoesNotFitTheWeightsIsRefused() throws IOException {
        refused(
                "\"model_type\": \"bert\"",
                "\"model_type\": \"llama\"",
                "model_type is 'llama', only 'bert' or 'roberta'");
        refused("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\"", "hidden_act is 'relu'");
        refused("\"hidden_size\": 16", "\"hidden_size\": 20", "has the shape [62, 16], its config calls for [62, 20]");
        refused("\"hidden_size\": 16", "\"hidden_size\": 15", "not a multiple of num_attention_heads");
        refused("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "has no weight 'encoder.layer.2");
        refused("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 0", "num_hidden_layers must be a number from 1");
        refused("\"vocab_size\": 62", "\"vocab_size\": 99999999999", "vocab_size must be a number from 1");
        refused("\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": -1", "layer_norm_eps must be a number above 0");
        refused("\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": []", "layer_norm_eps must be a number above 0");
        Path config = directory.resolve("config.json");
        String bert = Files.readString(config);
        Files.writeString(config, bert.replace("\"model_type\": \"bert\"", "\"model_type\": \"roberta\""));
        refused("\"pad_token_id\": 0", "\"pad_token_id\": 63", "pad_token_id must be a number");
        Files.writeString(config, bert);
        refused("{", "[", "no valid JSON");
    }

    private void refused(String from, String to, String message) throws IOException {
        Path config = directory.resolve("config.json");
        String content = Files.readString(config);
        assertThat(content).contains(from);
        Files.writeString(config, content.replaceFirst(Pattern.quote(from), to));
        assertThatThrownBy(this::fingerprint)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
        Files.writeString(config, content);
    }

    @Test
    void aMissingOrBrokenTokenizerIsRefused() throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(this::fingerprint)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.json");
        Files.delete(directory.resolve("tokenizer.json"));
        assertThatThrownBy(this::fingerprint).hasMessageContaining("tokenizer.json is missing");
    }
}
