package dev.perennial.generator.generation;

import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Lists and maps in JSON columns. */
final class Column {
    private static final JsonMapper JSON = new JsonMapper();

    private Column() {}

    static String write(Object value) {
        return JSON.writeValueAsString(value);
    }

    static List<String> strings(String json) {
        return JSON.readValue(json, new TypeReference<List<String>>() {});
    }

    static Map<String, Integer> counts(String json) {
        return JSON.readValue(json, new TypeReference<Map<String, Integer>>() {});
    }

    static <T> T read(String json, TypeReference<T> type) {
        return JSON.readValue(json, type);
    }
}
