package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Writes an embedded encoder out in Hugging Face layout, so that the reference implementation can load it. */
public final class HuggingFaceExport {
    private HuggingFaceExport() {}

    public static Path write(String id, Path directory) throws IOException {
        EmbeddedModel model = EmbeddedModel.named(id).orElseThrow();
        Files.createDirectories(directory);
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"), new TreeMap<>(Map.of("format", "pt")), weights(model));
        Files.writeString(directory.resolve("config.json"), config(model.config()));
        try (InputStream tokenizer = model.resource("-tokenizer.json")) {
            Files.copy(tokenizer, directory.resolve("tokenizer.json"));
        }
        return directory;
    }

    private static SortedMap<String, Tensor> weights(EmbeddedModel model) {
        SortedMap<String, Tensor> all = new TreeMap<>();
        WeightSource source = model.weights();
        try (PtNDManager memory = Torch.memory()) {
            BertWeights.load(memory, model.config(), name -> {
                Tensor tensor = source.tensor(name);
                all.put(name, tensor);
                return tensor;
            });
        }
        return all;
    }

    private static String config(BertConfig config) {
        return JsonMapper.shared()
                .writeValueAsString(Map.ofEntries(
                        Map.entry("model_type", "bert"),
                        Map.entry("hidden_act", "gelu"),
                        Map.entry("hidden_size", config.width()),
                        Map.entry("num_hidden_layers", config.layers()),
                        Map.entry("num_attention_heads", config.heads()),
                        Map.entry("intermediate_size", config.feedForward()),
                        Map.entry("vocab_size", config.vocabulary()),
                        Map.entry("max_position_embeddings", config.maxPositions()),
                        Map.entry("type_vocab_size", config.tokenTypes()),
                        Map.entry("layer_norm_eps", config.layerNormEpsilon())));
    }
}
