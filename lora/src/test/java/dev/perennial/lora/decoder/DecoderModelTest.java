package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderModelTest {
    @TempDir
    Path directory;

    @Test
    void shardsAreTheSameModelAsOneFile() throws IOException {
        Path sharded = GoldenDecoder.directory("llama3-scaled");
        Files.copy(sharded.resolve("config.json"), directory.resolve("config.json"));
        Map<String, Tensor> all = new TreeMap<>();
        for (int i = 1; i <= 4; i++) {
            all.putAll(tensors(sharded.resolve("model-0000%d-of-00004.safetensors".formatted(i))));
        }
        write(all);
        try (DecoderModel shards = DecoderModel.open(sharded);
                DecoderModel single = DecoderModel.open(directory)) {
            assertThat(single.sha256()).isEqualTo(shards.sha256());
            assertThat(shards.id()).isEqualTo("llama3-scaled");
        }
    }

    @Test
    void weightsThatAreMissingOrOfAnotherShapeAreRefused() throws IOException {
        copy("llama");
        refused("\"hidden_size\": 16", "\"hidden_size\": 24", "shape [29, 16], its config calls for [29, 24]");
        refused("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4", "its config calls for [32, 16]");
        refused("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "has no weight 'model.layers.2");
        refused(
                "\"attention_bias\": false",
                "\"attention_bias\": true",
                "has no weight 'model.layers.0.self_attn.q_proj.bias'");
        refused("\"vocab_size\": 29", "\"vocab_size\": 4000000", "its config calls for [4000000, 16]");
        Map<String, Tensor> tensors = tensors(directory.resolve("model.safetensors"));
        tensors.remove("lm_head.weight");
        write(tensors);
        refused("llama", "llama", "has no weight 'lm_head.weight'");
    }

    @Test
    void aWeightOfAShapeThatNoMemoryHoldsIsRefusedBeforeItIsAllocated() throws IOException {
        copy("llama");
        replaceInConfig("\"hidden_size\": 16", "\"hidden_size\": 4000000");
        replaceInConfig("\"vocab_size\": 29", "\"vocab_size\": 4000000");
        assertThatThrownBy(() -> DecoderModel.open(directory))
                .hasMessageContaining("its config calls for [4000000, 4000000]");
    }

    @Test
    void passesLeaveNoArrayBehind() {
        Torch.inference();
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("qwen2-tied"))) {
            int before = model.memory().getManagedArrays().size();
            for (int i = 0; i < 3; i++) {
                try (PtNDManager scope = Torch.within(model.memory());
                        KeyValueCache cache = new KeyValueCache(model)) {
                    run(model, DecoderBatch.of(scope, model.config(), List.of(new long[] {1, 2, 3})));
                    run(model, cache.next(scope, List.of(new long[] {1, 2, 3}, new long[] {4})));
                    run(model, cache.next(scope, List.of(new long[] {1}, new long[] {4})));
                }
            }
            assertThat(model.memory().getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void aCacheRefusesOtherTextsAndBatchesOutOfTurn() {
        Torch.inference();
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"));
                PtNDManager scope = Torch.within(model.memory());
                KeyValueCache cache = new KeyValueCache(model)) {
            DecoderBatch first = cache.next(scope, List.of(new long[] {1, 2}));
            run(model, first);
            assertThatThrownBy(() -> run(model, first)).hasMessageContaining("must be run exactly once");
            assertThatThrownBy(() -> cache.next(scope, List.of(new long[] {1}, new long[] {2})))
                    .hasMessageContaining("the cache is of 1 texts, not of 2");
            assertThatThrownBy(() -> cache.next(scope, List.of(new long[63])))
                    .hasMessageContaining("a text of 65 tokens is longer than the model's 64 positions");
        }
    }

    @Test
    void textsThatAreEmptyOrTooLongAreRefused() {
        try (DecoderModel model = DecoderModel.open(GoldenDecoder.directory("llama"));
                PtNDManager scope = Torch.within(model.memory())) {
            assertThatThrownBy(() -> DecoderBatch.of(scope, model.config(), List.of(new long[65])))
                    .hasMessageContaining("longer than the model's 64 positions");
            assertThatThrownBy(() -> DecoderBatch.of(scope, model.config(), List.of(new long[0])))
                    .hasMessageContaining("every text needs a token");
            assertThatThrownBy(() -> DecoderBatch.of(scope, model.config(), List.of(new long[] {29})))
                    .hasMessageContaining("a text holds the token 29: the model has those from 0 to 28");
        }
    }

    private static void run(DecoderModel model, DecoderBatch batch) {
        Decoder.hidden(model.weights(), Adapter.NONE, batch);
    }

    private void copy(String name) throws IOException {
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(GoldenDecoder.directory(name).resolve(file), directory.resolve(file));
        }
    }

    private static Map<String, Tensor> tensors(Path file) {
        Map<String, Tensor> tensors = new TreeMap<>();
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            open.names().forEach(name -> tensors.put(name, open.tensor(name)));
        }
        return tensors;
    }

    private void write(Map<String, Tensor> tensors) {
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new TreeMap<>(), tensors);
    }

    private void refused(String from, String to, String message) throws IOException {
        String original = replaceInConfig(from, to);
        assertThatThrownBy(() -> DecoderModel.open(directory))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
        Files.writeString(directory.resolve("config.json"), original);
    }

    private String replaceInConfig(String from, String to) throws IOException {
        String config = Files.readString(directory.resolve("config.json"));
        assertThat(config).contains(from);
        Files.writeString(directory.resolve("config.json"), config.replace(from, to));
        return config;
    }
}
