package dev.perennial.evaluator.report;

import dev.perennial.lora.Classification;
import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/** Saves a loaded classifier, loads it again and asks it the same texts. */
record Reload(Classifiers classifiers, String baseModel) {

    /** In words, how the copy's answers differ; empty when they do not. */
    Optional<String> difference(OpenClassifier classifier, List<String> texts, List<Classification> answers) {
        Path directory = temporary();
        try {
            classifier.save(directory);
            try (OpenClassifier copy = classifiers.open(baseModel, directory)) {
                return Fidelity.difference(answers, copy.classify(texts));
            }
        } catch (ModelFormatException e) {
            return Optional.of("Saved again, the adapter cannot be loaded: " + e.getMessage());
        } finally {
            delete(directory);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("perennial-reload-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
