package dev.perennial.evaluator.report;

import dev.perennial.common.spec.SpecReader;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads the JSON lines of a training set. */
final class TrainingSet {
    private TrainingSet() {}

    private record Line(
            @Nullable String text,
            @Nullable String label,
            @Nullable Float weight) {}

    /**
     * In the order of the file.
     *
     * @throws ModelFormatException when the file is missing or has a line that is no sample
     */
    static List<LabelledText> read(Path file) {
        try {
            return Files.readString(file)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(TrainingSet::sample)
                    .toList();
        } catch (NoSuchFileException e) {
            throw new ModelFormatException("it has no " + file.getFileName(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private static LabelledText sample(String line) {
        try {
            Line sample = SpecReader.storedMapper().readValue(line, Line.class);
            if (sample.text() == null || sample.label() == null) {
                throw new ModelFormatException("it has a line without text or label");
            }
            return new LabelledText(sample.text(), sample.label(), sample.weight() == null ? 1 : sample.weight());
        } catch (JacksonException e) {
            throw new ModelFormatException("it has a line that is not a sample", e);
        }
    }
}
