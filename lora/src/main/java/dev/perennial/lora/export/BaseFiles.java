package dev.perennial.lora.export;

import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.safetensors.Replacement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a merged model takes over from its base beside the weights: these files and no others. */
final class BaseFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static final String CONFIG = "config.json";
    private static final List<String> COPIED = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "added_tokens.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            "modules.json",
            "sentence_bert_config.json",
            "config_sentence_transformers.json",
            "1_Pooling/config.json",
            "LICENSE",
            "LICENSE.txt",
            "NOTICE");

    private BaseFiles() {}

    static void copy(Path base, Path directory) throws IOException {
        for (String name : COPIED) {
            Path file = base.resolve(name);
            if (Files.isRegularFile(file)) {
                byte[] content = Files.readAllBytes(ConfigJson.checkedSize(file));
                Replacement.write(directory.resolve(name), out -> out.write(content));
            }
        }
    }

    /** The configuration, changed only where the weights are stored otherwise than in the base. */
    static void writeConfig(ConfigJson base, MergePlan plan, Path directory) {
        ObjectNode config = ((ObjectNode) base.json()).deepCopy();
        if (plan.unties()) {
            config.put("tie_word_embeddings", false);
        }
        if (plan.precision() == Precision.F32) {
            for (String key : List.of("dtype", "torch_dtype")) {
                if (config.has(key)) {
                    config.put(key, "float32");
                }
            }
        }
        byte[] json = (JSON.writeValueAsString(config) + "\n").getBytes(StandardCharsets.UTF_8);
        Replacement.write(directory.resolve(CONFIG), out -> out.write(json));
    }
}
