package dev.perennial.lora.chat;

import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a model directory says about conversations. */
record TokenizerFiles(String template, Map<String, String> specialTokens) {
    private static final List<String> TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /** A tokenizer_config.json may list thousands of added tokens. */
    private static final long MAX_BYTES = 16L << 20;

    static TokenizerFiles read(Path directory) {
        JsonNode config = json(directory.resolve("tokenizer_config.json"));
        Map<String, String> tokens = new TreeMap<>();
        collect(json(directory.resolve("special_tokens_map.json")), tokens); // of older directories
        collect(config, tokens);
        Path jinja = directory.resolve("chat_template.jinja");
        String template = Files.exists(jinja) ? text(jinja) : template(directory, config.path("chat_template"));
        return new TokenizerFiles(template, tokens);
    }

    private static void collect(JsonNode source, Map<String, String> tokens) {
        for (String name : TOKENS) {
            JsonNode token = source.path(name);
            JsonNode content = token.isObject() ? token.path("content") : token;
            if (content.isString()) {
                tokens.put(name, content.stringValue());
            }
        }
    }

    private static String template(Path directory, JsonNode found) {
        if (found.isString()) {
            return found.stringValue();
        }
        Map<String, String> named = new LinkedHashMap<>();
        for (JsonNode entry : found) {
            named.put(entry.path("name").asString(""), entry.path("template").asString(""));
        }
        String template = named.get("default");
        if (template == null) {
            throw new ModelFormatException(
                    named.isEmpty()
                            ? directory + " has no chat template: add a chat_template.jinja"
                            : directory + " has the chat templates " + named.keySet()
                                    + " and none of them is 'default'");
        }
        return template;
    }

    private static JsonNode json(Path file) {
        if (!Files.exists(file)) {
            return JsonMapper.shared().createObjectNode();
        }
        try {
            return JsonMapper.shared().readTree(text(file));
        } catch (JacksonException e) {
            throw new ModelFormatException(file + " is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFormatException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ModelFormatException(file + " cannot be read as UTF-8 text", e);
        }
    }
}
