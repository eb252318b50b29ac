package dev.perennial.trainer.backend;

import dev.perennial.common.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to train.
 *
 * @param labels outputs of the classifier, in order
 * @param dataset directory with {@code train.jsonl} and {@code validation.jsonl}
 * @param parent PEFT directory to continue from, or null to start from the base model
 * @param checkpoint file to go on from, or null to start at the beginning; one that cannot be used is ignored
 */
public record TrainingOrder(
        String baseModel,
        List<String> labels,
        Path dataset,
        @Nullable Path parent,
        TrainingSpec training,
        long seed,
        @Nullable Path checkpoint) {
    public TrainingOrder {
        labels = List.copyOf(labels);
    }
}
