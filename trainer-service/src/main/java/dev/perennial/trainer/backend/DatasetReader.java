package dev.perennial.trainer.backend;

import dev.perennial.common.spec.SpecReader;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads a training set. */
final class DatasetReader {
    private DatasetReader() {}

    private record Line(
            @Nullable String text,
            @Nullable String label,
            @Nullable Double weight) {}

    static TrainingData read(Path dataset, List<String> labels) {
        try {
            return new TrainingData(
                    labels, lines(dataset.resolve("train.jsonl")), lines(dataset.resolve("validation.jsonl")));
        } catch (IllegalArgumentException e) {
            throw new UntrainableException("the training set cannot be used: " + e.getMessage(), e);
        } catch (NoSuchFileException | CharacterCodingException e) {
            throw new UntrainableException("the training set cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<LabelledText> lines(Path file) throws IOException {
        List<LabelledText> texts = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            texts.add(text(line, file.getFileName() + " line " + (texts.size() + 1)));
        }
        return texts;
    }

    private static LabelledText text(String json, String where) {
        try {
            Line line = SpecReader.storedMapper().readValue(json, Line.class);
            if (line == null || line.text() == null || line.label() == null) {
                throw new UntrainableException(where + " of the training set has no text or no label");
            }
            return new LabelledText(
                    line.text(),
                    line.label(),
                    line.weight() == null ? 1 : line.weight().floatValue());
        } catch (JacksonException e) {
            throw new UntrainableException(where + " of the training set is no JSON object", e);
        }
    }
}
