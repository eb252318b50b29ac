package dev.perennial.lora.adapter;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.AttentionShape;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.safetensors.Replacement;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.SafetensorsWriter;
import dev.perennial.lora.safetensors.SavedDirectory;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A prefix as peft 0.21.0 writes and loads it: {@code adapter_config.json} of type {@code PREFIX_TUNING} and
 * {@code adapter_model.safetensors} with the one tensor {@code prompt_embeddings}.
 */
public final class PrefixDirectory {
    /** What {@code peft_type} is in the configuration of such an adapter. */
    public static final String TYPE = "PREFIX_TUNING";

    private PrefixDirectory() {}

    /**
     * Writes a prefix, reads it again and compares, as {@link LoraDirectory#write} does.
     */
    public static void write(Path directory, PrefixWeights weights, BaseModel base, TaskType task) {
        byte[] config = config(weights, base, task).getBytes(StandardCharsets.UTF_8);
        SavedDirectory.write(directory, LoraDirectory.FILES, staging -> {
            SafetensorsWriter.write(
                    staging.resolve(LoraDirectory.TENSORS),
                    new TreeMap<>(Map.of("format", "pt")),
                    new TreeMap<>(Map.of(PrefixWeights.EMBEDDINGS, weights.embeddings())));
            Replacement.write(staging.resolve(LoraDirectory.CONFIG), out -> out.write(config));
            if (!read(staging, weights.shape()).embeddings().sameAs(weights.embeddings())) {
                throw new IllegalStateException(staging + " does not hold what was written to it");
            }
        });
    }

    private static String config(PrefixWeights weights, BaseModel base, TaskType task) {
        AttentionShape shape = weights.shape();
        Map<String, Object> json = new TreeMap<>(Map.of(
                "base_model_name_or_path",
                base.name(),
                "encoder_hidden_size",
                shape.tokenWidth(), // of the network that is not there; peft's own default
                "inference_mode",
                true,
                "num_attention_heads",
                shape.keyValueHeads(),
                "num_layers",
                shape.layers(),
                "num_transformer_submodules",
                1,
                "num_virtual_tokens",
                weights.tokens(),
                "peft_type",
                TYPE,
                "prefix_projection",
                false,
                "task_type",
                task));
        json.put("token_dim", shape.tokenWidth());
        if (base.revision() != null) {
            json.put("revision", base.revision());
        }
        return ConfigJson.text(json);
    }

    /**
     * Reads a prefix for a model and checks it before anything native is allocated.
     *
     * @throws ModelFormatException if it is no prefix for a model of this shape
     */
    public static PrefixWeights read(Path directory, AttentionShape shape) {
        ConfigJson config = ConfigJson.read(directory.resolve(LoraDirectory.CONFIG));
        int tokens = tokens(config, shape);
        Path file = directory.resolve(LoraDirectory.TENSORS);
        try (SafetensorsFile adapter = SafetensorsFile.open(file)) {
            if (!adapter.names().equals(Set.of(PrefixWeights.EMBEDDINGS))) {
                throw new ModelFormatException(
                        "%s must hold '%s' and nothing else".formatted(file, PrefixWeights.EMBEDDINGS));
            }
            Tensor embeddings = adapter.tensor(PrefixWeights.EMBEDDINGS, tokens, shape.width());
            if (!embeddings.finite()) {
                throw new ModelFormatException(file + " holds values that are no finite numbers");
            }
            return new PrefixWeights(shape, embeddings);
        }
    }

    private static int tokens(ConfigJson config, AttentionShape shape) {
        if (!config.textOr("peft_type", "").equals(TYPE)) {
            throw config.refusal("peft_type", "must be '" + TYPE + "'");
        }
        if (config.flag("prefix_projection")) {
            throw config.refusal("prefix_projection", "is true; a prefix behind a network is not supported");
        }
        if (!config.json().path("modules_to_save").isEmpty()) {
            throw config.refusal("modules_to_save", "is not supported and must be empty");
        }
        require(config, "num_transformer_submodules", 1);
        require(config, "num_layers", shape.layers());
        require(config, "num_attention_heads", shape.keyValueHeads());
        require(config, "token_dim", shape.tokenWidth());
        return config.size("num_virtual_tokens", PrefixWeights.MAX_TOKENS);
    }

    private static void require(ConfigJson config, String key, int expected) {
        if (config.size(key) != expected) {
            throw config.refusal(key, "is %d, the model calls for %d".formatted(config.size(key), expected));
        }
    }
}
