package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** CLINC150 without its out-of-scope queries; intents in the order of their domains. */
record Clinc(Map<String, List<String>> domains, JsonNode splits) {

    static Clinc read(Path folder) {
        JsonNode domains = json(folder.resolve("domains.json"));
        Map<String, List<String>> intents = new LinkedHashMap<>();
        domains.forEachEntry((domain, names) ->
                intents.put(domain, names.valueStream().map(JsonNode::asString).toList()));
        return new Clinc(intents, json(folder.resolve("data_full.json")));
    }

    private static JsonNode json(Path file) {
        try {
            return JsonMapper.shared().readTree(Files.readString(file));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> labels() {
        return domains.values().stream().flatMap(List::stream).toList();
    }

    List<LabelledText> split(String name) {
        List<LabelledText> texts = splits.path(name)
                .valueStream()
                .map(pair ->
                        new LabelledText(pair.path(0).asString(), pair.path(1).asString()))
                .toList();
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("data_full.json has no '" + name + "' pairs");
        }
        return texts;
    }

    /** This many training texts of each intent, drawn at random. */
    List<LabelledText> draw(int perIntent, long seed) {
        return draw(split("train"), labels(), perIntent, seed);
    }

    static List<LabelledText> draw(List<LabelledText> train, List<String> labels, int perIntent, long seed) {
        Map<String, List<LabelledText>> byLabel = train.stream().collect(Collectors.groupingBy(LabelledText::label));
        Random random = new Random(seed);
        List<LabelledText> drawn = new ArrayList<>();
        for (String label : labels) {
            List<LabelledText> texts = new ArrayList<>(byLabel.getOrDefault(label, List.of()));
            if (texts.size() < perIntent) {
                throw new IllegalArgumentException("train has less than " + perIntent + " texts of " + label);
            }
            Collections.shuffle(texts, random);
            drawn.addAll(texts.subList(0, perIntent));
        }
        return drawn;
    }
}
