package dev.perennial.lora.safetensors;

import dev.perennial.lora.ModelFormatException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Parses a header as a stream, so that a hostile one costs no more memory than its own length. Rejects what the
 * reference implementation rejects: holes, overlaps, missing or trailing bytes, sizes that contradict shape and type,
 * overflowing shapes, duplicate keys, unknown types, metadata that is no text.
 */
record SafetensorsHeader(SortedMap<String, String> metadata, SortedMap<String, TensorEntry> tensors) {
    /** As many as the engine knows. */
    private static final int MAX_DIMENSIONS = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static SafetensorsHeader parse(byte[] json, long dataBytes) {
        SafetensorsHeader header = new SafetensorsHeader(new TreeMap<>(), new TreeMap<>());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            expect(parser, JsonToken.START_OBJECT, "the header must be a JSON object");
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                if (name.equals("__metadata__")) {
                    header.readMetadata(parser);
                } else {
                    header.tensors.put(name, readEntry(parser, name));
                }
            }
            if (parser.nextToken() != null) {
                throw new ModelFormatException("the header goes on after its JSON object");
            }
        } catch (JacksonException e) {
            throw new ModelFormatException("the header is not valid JSON: " + e.getOriginalMessage(), e);
        }
        header.requireNoGaps(dataBytes);
        return header;
    }

    private void readMetadata(JsonParser parser) {
        expect(parser, JsonToken.START_OBJECT, "__metadata__ must be an object");
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            expect(parser, JsonToken.VALUE_STRING, "__metadata__ must hold texts only");
            metadata.put(key, parser.getString());
        }
    }

    private static TensorEntry readEntry(JsonParser parser, String name) {
        expect(parser, JsonToken.START_OBJECT, "tensor '" + name + "' must be an object");
        ElementType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            parser.nextToken();
            switch (key) {
                case "dtype" -> type = readType(parser, name);
                case "shape" -> shape = readNumbers(parser, name);
                case "data_offsets" -> offsets = readNumbers(parser, name);
                default -> parser.skipChildren();
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw new ModelFormatException("tensor '" + name + "' needs dtype, shape and two data_offsets");
        }
        return checked(name, new TensorEntry(type, shape, offsets.getFirst(), offsets.getLast()));
    }

    private static ElementType readType(JsonParser parser, String name) {
        String type = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
        try {
            return ElementType.valueOf(type);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(
                    "tensor '%s' has the element type '%s'; readable are %s"
                            .formatted(name, type, List.of(ElementType.values())),
                    e);
        }
    }

    private static List<Long> readNumbers(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new ModelFormatException("shape and data_offsets of tensor '" + name + "' must be lists");
        }
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getLongValue() < 0) {
                throw new ModelFormatException("shape and data_offsets of tensor '" + name + "' must be whole numbers");
            }
            if (numbers.size() == MAX_DIMENSIONS) {
                throw new ModelFormatException(
                        "tensor '%s' has more than %d dimensions".formatted(name, MAX_DIMENSIONS));
            }
            numbers.add(parser.getLongValue());
        }
        return List.copyOf(numbers);
    }

    private static TensorEntry checked(String name, TensorEntry entry) {
        try {
            long bytes = Math.multiplyExact(Tensor.size(entry.shape()), (long) entry.type().bytes);
            if (entry.end() - entry.begin() != bytes) {
                throw new ModelFormatException("tensor '%s' takes %d bytes by its shape, but %d by its offsets"
                        .formatted(name, bytes, entry.end() - entry.begin()));
            }
            return entry;
        } catch (ArithmeticException e) {
            throw new ModelFormatException("tensor '" + name + "' has an impossible shape " + entry.shape(), e);
        }
    }

    private void requireNoGaps(long dataBytes) {
        List<TensorEntry> inOrder = tensors.values().stream()
                .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end))
                .toList();
        long end = 0;
        for (TensorEntry entry : inOrder) {
            if (entry.begin() != end) {
                throw new ModelFormatException("tensors must follow each other without holes or overlaps");
            }
            end = entry.end();
        }
        if (end != dataBytes) {
            throw new ModelFormatException(
                    "the file holds %d bytes of data, its header describes %d".formatted(dataBytes, end));
        }
    }

    private static void expect(JsonParser parser, JsonToken token, String rule) {
        if (parser.nextToken() != token) {
            throw new ModelFormatException(rule);
        }
    }
}
