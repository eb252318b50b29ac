package dev.perennial.lora;

import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.model.ConfigJson;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * classifier.json: what the head's rows mean, what their logits are divided by for probabilities, and which encoder they
 * were trained over. Files of before there was a temperature mean 1.
 */
record HeadConfig(List<String> labels, double temperature, String baseModel, String baseSha256, String pooling) {
    static HeadConfig of(TextEncoder encoder, List<String> labels, double temperature) {
        return of(encoder.id(), encoder.model(), labels, temperature);
    }

    /** @param id what the encoder is called, or what it was made of */
    static HeadConfig of(String id, BertModel encoder, List<String> labels, double temperature) {
        String pooling = encoder.pooling().name().toLowerCase(Locale.ROOT);
        return new HeadConfig(labels, temperature, id, encoder.sha256(), pooling);
    }

    static HeadConfig read(Path file) {
        JsonNode json = ConfigJson.read(file).json();
        if (!json.path("labels").isArray() || !json.path("labels").valueStream().allMatch(JsonNode::isString)) {
            throw new ModelFormatException(file + ": labels must be a list of texts");
        }
        List<String> labels = StreamSupport.stream(json.path("labels").spliterator(), false)
                .map(label -> label.asString(""))
                .toList();
        if (labels.size() < 2 || new HashSet<>(labels).size() != labels.size() || labels.contains("")) {
            throw new ModelFormatException(file + ": labels must be a list of two or more distinct names");
        }
        return new HeadConfig(
                labels,
                temperature(json, file),
                text(json, "base_model", file),
                text(json, "base_sha256", file),
                text(json, "pooling", file));
    }

    private static double temperature(JsonNode json, Path file) {
        double value = json.has("temperature") ? json.path("temperature").asDouble(Double.NaN) : Temperature.NONE;
        if (!(value >= Temperature.MIN && value <= Temperature.MAX)) {
            throw new ModelFormatException(
                    "%s: temperature must be %s to %s".formatted(file, Temperature.MIN, Temperature.MAX));
        }
        return value;
    }

    private static String text(JsonNode json, String key, Path file) {
        String value = json.path(key).asString("");
        if (value.isEmpty()) {
            throw new ModelFormatException(file + ": " + key + " is missing");
        }
        return value;
    }

    void requireMadeFor(TextEncoder encoder, Path directory) {
        HeadConfig here = of(encoder, labels, temperature);
        if (!here.baseSha256.equals(baseSha256) || !here.pooling.equals(pooling)) {
            throw new ModelFormatException(
                    "%s was trained over %s (sha256 %s, %s pooling), not over %s (sha256 %s, %s pooling); open that encoder"
                            .formatted(
                                    directory,
                                    baseModel,
                                    baseSha256,
                                    pooling,
                                    encoder.id(),
                                    encoder.sha256(),
                                    here.pooling));
        }
    }

    String write() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("base_model", baseModel);
        json.put("base_sha256", baseSha256);
        json.put("pooling", pooling);
        json.put("normalize", true);
        json.put("temperature", temperature);
        json.put("labels", labels);
        return ConfigJson.text(json);
    }
}
