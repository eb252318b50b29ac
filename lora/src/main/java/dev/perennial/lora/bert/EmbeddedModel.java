package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.onnx.OnnxWeights;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sentence encoders that langchain4j ships as jars, by the resources in them. */
public record EmbeddedModel(String id, Pooling pooling, BertConfig config) {
    private static final List<EmbeddedModel> ALL = List.of(
            new EmbeddedModel(
                    "all-minilm-l6-v2", Pooling.MEAN, new BertConfig(384, 6, 12, 1536, 30522, 512, 0, 2, 1e-12)),
            new EmbeddedModel(
                    "bge-small-zh-v1.5", Pooling.CLS, new BertConfig(512, 4, 8, 2048, 21128, 512, 0, 2, 1e-12)));

    public static Optional<EmbeddedModel> named(String id) {
        return ALL.stream().filter(model -> model.id.equals(id)).findFirst();
    }

    public static List<String> ids() {
        return ALL.stream().map(EmbeddedModel::id).toList();
    }

    public BertModel load() {
        return BertModel.load(id, config, pooling, weights(), () -> resource("-tokenizer.json"));
    }

    /** Writes it as a directory in Hugging Face layout, which transformers loads too; an existing directory is filled. */
    public void write(Path directory) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        WeightSource source = weights();
        try (PtNDManager memory = Torch.memory()) {
            BertWeights.load(memory, config, name -> {
                Tensor tensor = source.tensor(name);
                tensors.put(name, tensor);
                return tensor;
            });
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), new TreeMap<>(Map.of("format", "pt")), tensors);
        text(directory.resolve("config.json"), ConfigJson.text(configuration()));
        text(
                directory.resolve("1_Pooling").resolve("config.json"),
                ConfigJson.text(Map.of(
                        "pooling_mode_cls_token", pooling == Pooling.CLS,
                        "pooling_mode_mean_tokens", pooling == Pooling.MEAN)));
        Replacement.write(directory.resolve("tokenizer.json"), out -> {
            try (InputStream tokenizer = resource("-tokenizer.json")) {
                tokenizer.transferTo(out);
            }
        });
    }

    private static void text(Path file, String content) {
        Replacement.write(file, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private SortedMap<String, Object> configuration() {
        return new TreeMap<>(Map.ofEntries(
                Map.entry("architectures", List.of("BertModel")),
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

    WeightSource weights() {
        try (InputStream onnx = resource(".onnx")) {
            return new OnnxWeights(ByteBuffer.wrap(onnx.readAllBytes()))::tensor;
        } catch (IOException e) {
            throw new ModelFormatException("the weights of " + id + " cannot be read from the class path", e);
        }
    }

    InputStream resource(String suffix) throws IOException {
        InputStream found = EmbeddedModel.class.getClassLoader().getResourceAsStream(id + suffix);
        if (found == null) {
            throw new FileNotFoundException(id + suffix + " is not on the class path");
        }
        return found;
    }
}
