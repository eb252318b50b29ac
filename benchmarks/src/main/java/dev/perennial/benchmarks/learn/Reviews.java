package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** EPRSTMT's files: a Chinese product review and its sentiment a line; and reviews that a language model wrote. */
record Reviews(Path folder) {
    static final List<String> LABELS = List.of("Negative", "Positive");

    /** With 16 reviews of each label. */
    List<LabelledText> train() {
        return read("train_0.json", "sentence");
    }

    List<LabelledText> validation() {
        return read("dev_0.json", "sentence");
    }

    List<LabelledText> test() {
        return read("test_public.json", "sentence");
    }

    /** By a language model that saw the training reviews and nothing else. */
    List<LabelledText> written() {
        return read("synthetic_llm.jsonl", "text");
    }

    private List<LabelledText> read(String file, String key) {
        try {
            return Files.readAllLines(folder.resolve(file)).stream()
                    .filter(line -> !line.isBlank())
                    .map(JsonMapper.shared()::readTree)
                    .map(line -> new LabelledText(
                            line.path(key).asString(), line.path("label").asString()))
                    .toList();
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " has a line that is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
