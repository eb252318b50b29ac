package dev.perennial.benchmarks.fewshot;

import dev.perennial.lora.LabelledText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A few-shot benchmark's folder.
 *
 * @param seeds the only real samples with labels
 * @param synthetic what a language model wrote that saw nothing but the seeds
 */
record FewShotData(List<String> labels, List<LabelledText> seeds, List<LabelledText> synthetic, JsonNode splits) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static FewShotData read(Path folder) throws IOException {
        try {
            List<LabelledText> seeds = new ArrayList<>();
            List<String> labels = new ArrayList<>();
            JSON.readTree(Files.readString(folder.resolve("seeds_5shot.json"))).forEachEntry((label, texts) -> {
                labels.add(label);
                texts.forEach(text -> seeds.add(new LabelledText(text.asString(), label)));
            });
            List<LabelledText> synthetic = Files.readAllLines(folder.resolve("synthetic_llm.jsonl")).stream()
                    .filter(line -> !line.isBlank())
                    .map(JSON::readTree)
                    .map(line -> new LabelledText(
                            line.path("text").asString(), line.path("label").asString()))
                    .toList();
            JsonNode splits = JSON.readTree(Files.readString(folder.resolve("data_full.json")));
            return new FewShotData(labels, seeds, synthetic, splits);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a file in " + folder + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Pairs of text and label of {@code val} or {@code test}; other labels than the seeds' are left out. */
    List<LabelledText> split(String name) {
        List<LabelledText> texts = new ArrayList<>();
        splits.path(name).forEach(pair -> {
            LabelledText text =
                    new LabelledText(pair.path(0).asString(), pair.path(1).asString());
            if (labels.contains(text.label())) {
                texts.add(text);
            }
        });
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("data_full.json has no '" + name + "' pairs with the seeds' labels");
        }
        return texts;
    }

    /** The synthetic samples with this share of their labels replaced by others, drawn at random. */
    List<LabelledText> corrupted(double share, long seed) {
        Random random = new Random(seed);
        return synthetic.stream()
                .map(sample -> random.nextDouble() < share
                        ? new LabelledText(sample.text(), another(sample.label(), random))
                        : sample)
                .toList();
    }

    private String another(String label, Random random) {
        int shift = 1 + random.nextInt(labels.size() - 1);
        return labels.get((labels.indexOf(label) + shift) % labels.size());
    }
}
