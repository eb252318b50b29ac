package dev.perennial.lora.model;

import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON file of a model directory, or an object in it. Whatever it holds is checked as it is asked for; the messages name
 * the file and the key.
 */
public record ConfigJson(JsonNode json, String source) {
    /** Far above any JSON file of a model; a vocabulary of 250,000 words takes some 20 MB. */
    private static final long MAX_BYTES = 64L << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** Beyond any dimension there is: a guard against sizes that a broken or hostile file makes up. */
    public static final int MAX_SIZE = 1 << 22;

    public static ConfigJson read(Path file) {
        JsonNode json = tree(file);
        if (!json.isObject()) {
            throw new ModelFormatException(file + " must hold a JSON object");
        }
        return new ConfigJson(json, file.toString());
    }

    /** A JSON file that need not hold an object. */
    public static JsonNode tree(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(checkedSize(file)));
        } catch (IOException e) {
            throw new ModelFormatException(file + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new ModelFormatException(file + " is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A value as the text of such a file. */
    public static String text(Object value) {
        return JSON.writeValueAsString(value) + "\n";
    }

    /** The file itself, if it is there and no larger than a JSON file of a model can be. */
    public static Path checkedSize(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFormatException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return file;
        } catch (IOException e) {
            throw new ModelFormatException(file + " is missing", e);
        }
    }

    /** The object under a key; an empty one if there is none. */
    public ConfigJson object(String key) {
        JsonNode child = json.path(key);
        if (!absent(key) && !child.isObject()) {
            throw refusal(key, "must be an object");
        }
        return new ConfigJson(child, source + ": " + key);
    }

    /** Neither missing nor null. */
    public boolean has(String key) {
        return !absent(key);
    }

    private boolean absent(String key) {
        return json.path(key).isMissingNode() || json.path(key).isNull();
    }

    public int size(String key) {
        return size(key, MAX_SIZE);
    }

    public int size(String key, int max) {
        JsonNode value = json.path(key);
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > max) {
            throw refusal(key, "must be a number from 1 to " + max);
        }
        return value.intValue();
    }

    public int sizeOr(String key, int otherwise) {
        return absent(key) ? otherwise : size(key);
    }

    /** A size, or zero. */
    public int sizeOrZero(String key, int otherwise) {
        boolean zero = json.path(key).isInt() && json.path(key).intValue() == 0;
        return zero ? 0 : sizeOr(key, otherwise);
    }

    /** A finite number above zero. */
    public double positive(String key) {
        double value = number(key);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw refusal(key, "must be a number above 0");
        }
        return value;
    }

    /** NaN for what is no number, or one beyond a double. */
    private double number(String key) {
        return json.path(key).isNumber() ? json.path(key).asDouble(Double.NaN) : Double.NaN;
    }

    /** A number from 0 to below 1; a missing key means 0. */
    public double share(String key) {
        double value = absent(key) ? 0 : number(key);
        if (!(value >= 0 && value < 1)) {
            throw refusal(key, "must be a number of at least 0 and below 1");
        }
        return value;
    }

    public double positiveOr(String key, double otherwise) {
        return absent(key) ? otherwise : positive(key);
    }

    public String textOr(String key, String otherwise) {
        if (!absent(key) && !json.path(key).isString()) {
            throw refusal(key, "must be a text");
        }
        return json.path(key).asString(otherwise);
    }

    /** A list of texts. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : json.path(key)) {
            if (!text.isString()) {
                throw refusal(key, "must be a list of texts");
            }
            texts.add(text.asString());
        }
        return texts;
    }

    /** Whole numbers from zero up: a list of them, a single one, or none. */
    public List<Long> numbers(String key) {
        JsonNode value = json.path(key);
        if (absent(key)) {
            return List.of();
        }
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : value.isArray() ? value : List.of(value)) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw refusal(key, "must be a whole number or a list of them");
            }
            numbers.add(number.longValue());
        }
        return numbers;
    }

    public boolean flag(String key) {
        if (!absent(key) && !json.path(key).isBoolean()) {
            throw refusal(key, "must be true or false");
        }
        return json.path(key).asBoolean(false);
    }

    /** The text under a key, which must be one of these; a missing key means the first. */
    public String oneOf(String key, String... supported) {
        String found = absent(key) ? supported[0] : json.path(key).asString("");
        if (!List.of(supported).contains(found)) {
            throw refusal(key, "is '%s', only '%s' is supported".formatted(found, String.join("' or '", supported)));
        }
        return found;
    }

    public ModelFormatException refusal(String key, String reason) {
        return new ModelFormatException("%s: %s %s".formatted(source, key, reason));
    }
}
