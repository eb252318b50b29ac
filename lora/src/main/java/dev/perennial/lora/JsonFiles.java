package dev.perennial.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Small JSON files beside weights. */
final class JsonFiles {
    /** Room for tens of thousands of labels. */
    private static final long MAX_BYTES = 8L << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private JsonFiles() {}

    static JsonNode read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFormatException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (!json.isObject()) {
                throw new ModelFormatException(file + " must hold a JSON object");
            }
            return json;
        } catch (IOException e) {
            throw new ModelFormatException(file + " is missing or cannot be read", e);
        } catch (JacksonException e) {
            throw new ModelFormatException(file + " is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    static String write(Object value) {
        return JSON.writeValueAsString(value) + "\n";
    }
}
