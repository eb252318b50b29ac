package dev.perennial.common.event;

import dev.perennial.common.artifact.ArtifactRef;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Evaluation sets and verdicts on candidates. Keyed by model name. */
public sealed interface EvaluationEvent extends Event {

    /**
     * Texts that are held apart from training.
     *
     * @param contentHashes hashes of one part of the set; a large set is told in several events
     */
    record EvaluationSetDeclared(String model, String set, int part, int parts, List<String> contentHashes)
            implements EvaluationEvent {
        public EvaluationSetDeclared {
            Objects.requireNonNull(model);
            Objects.requireNonNull(set);
            contentHashes = List.copyOf(contentHashes);
        }
    }

    /**
     * A candidate was judged.
     *
     * @param liveVersion the version it was compared with, or null when nothing was live
     * @param passed whether it may have traffic
     * @param registrable false when the saved artefact, reloaded, does not score as it did before saving
     * @param reasons what the gate found, in words
     * @param sets scores on each evaluation set
     */
    record EvaluationCompleted(
            String reportId,
            String model,
            String runId,
            TrainingEvent.TrainingRequested request,
            ArtifactRef adapter,
            @Nullable Integer liveVersion,
            boolean passed,
            boolean registrable,
            List<String> reasons,
            List<SetScore> sets)
            implements EvaluationEvent {
        public EvaluationCompleted {
            Objects.requireNonNull(reportId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(runId);
            Objects.requireNonNull(request);
            Objects.requireNonNull(adapter);
            reasons = List.copyOf(reasons);
            sets = List.copyOf(sets);
        }
    }
}
