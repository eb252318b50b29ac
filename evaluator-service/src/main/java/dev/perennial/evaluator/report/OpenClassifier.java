package dev.perennial.evaluator.report;

import dev.perennial.lora.Classification;
import java.nio.file.Path;
import java.util.List;

/** A fine-tuned classifier in memory. */
interface OpenClassifier extends AutoCloseable {
    /** In the order of the texts. */
    List<Classification> classify(List<String> texts);

    /** Writes its adapter into an empty directory. */
    void save(Path directory);

    @Override
    void close();
}
