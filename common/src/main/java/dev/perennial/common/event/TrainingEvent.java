package dev.perennial.common.event;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.spec.TrainingSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A training run from its request to its end. Keyed by model name. */
public sealed interface TrainingEvent extends Event {
    String runId();

    /**
     * The scheduler gives a run its slot.
     *
     * @param round the training round of the model, from 1
     * @param labels outputs of the classifier, in order
     * @param parent adapter to continue from, or null to start from the base model
     * @param parentVersion the version that {@code parent} is
     * @param slot device that the run may use, such as {@code cpu-0}
     */
    record TrainingRequested(
            String runId,
            String model,
            int specVersion,
            int round,
            String baseModel,
            List<String> labels,
            DatasetRef dataset,
            @Nullable ArtifactRef parent,
            @Nullable Integer parentVersion,
            TrainingSpec training,
            String slot,
            long seed)
            implements TrainingEvent {
        public TrainingRequested {
            Objects.requireNonNull(runId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(baseModel);
            labels = List.copyOf(labels);
            Objects.requireNonNull(dataset);
            Objects.requireNonNull(training);
            Objects.requireNonNull(slot);
        }
    }

    /**
     * Where a run is. Not every step is told.
     *
     * @param validationAccuracy of the last finished epoch, or null before the first ends
     */
    record TrainingProgressed(
            String runId,
            String model,
            int attempt,
            int step,
            int totalSteps,
            int epoch,
            double loss,
            double tokensPerSecond,
            Duration eta,
            @Nullable Double validationAccuracy)
            implements TrainingEvent {
        public TrainingProgressed {
            Objects.requireNonNull(runId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(eta);
        }
    }

    /**
     * A run ended with an adapter.
     *
     * @param adapter PEFT directory
     * @param request the request it answers, so that no consumer needs another event to know the lineage
     * @param bestEpoch the one whose weights were kept, from 1; 0 when the start was never beaten
     * @param validationAccuracy of the weights that were kept, or null without a validation split
     */
    record TrainingCompleted(
            String runId,
            String model,
            TrainingRequested request,
            ArtifactRef adapter,
            int epochs,
            int bestEpoch,
            @Nullable Double validationAccuracy,
            double finalLoss,
            long tokens,
            Duration duration)
            implements TrainingEvent {
        public TrainingCompleted {
            Objects.requireNonNull(runId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(request);
            Objects.requireNonNull(adapter);
            Objects.requireNonNull(duration);
        }
    }

    /** A run ended without an adapter, for a reason that another attempt would meet again. */
    record TrainingFailed(String runId, String model, int round, String reason) implements TrainingEvent {
        public TrainingFailed {
            Objects.requireNonNull(runId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(reason);
        }
    }
}
