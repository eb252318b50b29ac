package dev.perennial.evaluator.report;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.spec.TrainingSpec;
import java.time.Duration;
import java.util.List;

/** Finished training runs for tests. */
final class Trained {
    private Trained() {}

    static TrainingCompleted run(
            String runId, String model, ArtifactRef dataset, ArtifactRef adapter, double validationAccuracy) {
        TrainingRequested request = new TrainingRequested(
                runId,
                model,
                1,
                1,
                "all-minilm-l6-v2",
                List.of("tv", "bill", "router"),
                new DatasetRef(dataset, 10),
                null,
                null,
                TrainingSpec.DEFAULT,
                "cpu-0",
                7);
        return new TrainingCompleted(
                runId, model, request, adapter, 3, 2, validationAccuracy, 0.1, 1000, Duration.ofSeconds(3));
    }
}
