package dev.perennial.evaluator.evaluationset;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.SpecReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;

/** The two forms in which rows of {@code text} and {@code label} come. */
enum RowFormat {
    /** One JSON object a line; blank lines do not count. */
    JSON_LINES {
        @Override
        List<UploadedRow> rows(String body) {
            List<UploadedRow> rows = new ArrayList<>();
            List<String> lines = body.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    rows.add(row(i + 1, lines.get(i)));
                }
            }
            return rows;
        }

        private UploadedRow row(int number, String line) {
            try {
                JsonNode node = SpecReader.storedMapper().readTree(line);
                return node.isObject()
                        ? new UploadedRow(number, string(node, "text"), string(node, "label"), null)
                        : UploadedRow.unreadable(number, "is not a JSON object with text and label");
            } catch (JacksonException e) {
                return UploadedRow.unreadable(
                        number,
                        "is not a complete JSON object; one line is {\"text\": ..., \"label\": ...} (column "
                                + e.getLocation().getColumnNr() + ")");
            }
        }

        private @Nullable String string(JsonNode node, String key) {
            JsonNode value = node.get(key);
            return value != null && value.isString() ? value.stringValue() : null;
        }
    },

    /** Comma-separated with a header that names {@code text} and {@code label}; other columns do not count. */
    CSV {
        @Override
        List<UploadedRow> rows(String body) {
            List<UploadedRow> rows = new ArrayList<>();
            try (MappingIterator<Map<String, String>> records = CSV_MAPPER
                    .readerForMapOf(String.class)
                    .with(CsvSchema.emptySchema().withHeader())
                    .readValues(body)) {
                while (records.hasNextValue()) {
                    // The parser stands at the end of the line before.
                    int line = records.parser().currentTokenLocation().getLineNr() + 1;
                    Map<String, String> columns = records.nextValue();
                    requireColumns(columns);
                    rows.add(new UploadedRow(line, columns.get("text"), columns.get("label"), null));
                }
            } catch (JacksonException e) {
                rows.add(UploadedRow.unreadable(
                        e.getLocation() == null
                                ? rows.size() + 2
                                : e.getLocation().getLineNr(),
                        "is not a CSV row of the header's columns; put quotes around a text with a comma, and double the"
                                + " quotes inside"));
            }
            return rows;
        }

        private void requireColumns(Map<String, String> columns) {
            if (!columns.containsKey("text") || !columns.containsKey("label")) {
                throw ProblemException.badRequest(
                        "csv-header", "The first line of the CSV must name the columns text and label.");
            }
        }
    };

    private static final CsvMapper CSV_MAPPER = new CsvMapper();

    /** In the order of the body. */
    abstract List<UploadedRow> rows(String body);

    /** Reads a body as UTF-8, with or without a byte order mark. */
    List<UploadedRow> read(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return rows(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw ProblemException.badRequest("not-utf-8", "The body is not UTF-8 text; convert it and send it again.");
        }
    }
}
