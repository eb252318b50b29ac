package dev.perennial.scorer.door;

import dev.perennial.common.spec.SpecReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

/** Reads JSON lines. */
final class JsonLines {
    private static final ObjectReader LINE =
            SpecReader.storedMapper().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonLines() {}

    static List<UploadedRow> read(String body) {
        List<UploadedRow> rows = new ArrayList<>();
        int number = 0;
        for (String line : body.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                rows.add(row(number, line));
            }
        }
        return rows;
    }

    private static UploadedRow row(int number, String line) {
        try {
            JsonNode node = LINE.readValue(line);
            return node.isObject()
                    ? new UploadedRow.Read(number, string(node, "text"), string(node, "label"))
                    : unreadable(number, "is not a JSON object");
        } catch (JacksonException e) {
            return unreadable(
                    number,
                    "is not one complete JSON object (column " + e.getLocation().getColumnNr() + ")");
        }
    }

    private static UploadedRow unreadable(int number, String problem) {
        return new UploadedRow.Unreadable(
                number,
                new RowError(
                        number,
                        "unreadable",
                        "The line " + problem + "; write {\"text\": \"...\", \"label\": \"...\"}."));
    }

    private static @Nullable String string(JsonNode node, String key) {
        JsonNode value = node.get(key);
        return value != null && value.isString() ? value.stringValue() : null;
    }
}
