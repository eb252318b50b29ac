package dev.perennial.registry.model;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import java.util.List;

/** Which changes of a spec are refused. */
final class SpecChange {
    private SpecChange() {}

    /**
     * Labels may only be added. Samples, evaluation sets and versions hold the old ones, and a live version would go on
     * answering with a label that nobody could give feedback on.
     */
    static void check(ModelSpec before, ModelSpec after) {
        List<String> gone = before.task().labels().stream()
                .filter(label -> !after.task().labels().contains(label))
                .toList();
        if (!gone.isEmpty()) {
            throw ProblemException.conflict(
                    "labels-removed",
                    "task.labels no longer has " + String.join(", ", gone)
                            + ". Labels can only be added; declare a model with another name to drop some.");
        }
    }
}
