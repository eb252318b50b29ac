package dev.perennial.common.event;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.spec.ModelSpec;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is declared and what is live. The topic is compacted: keyed by model, and by model and version. */
public sealed interface ModelEvent extends Event {

    /** A spec was declared or changed. */
    record ModelDeclared(String model, int specVersion, ModelSpec spec) implements ModelEvent {
        public ModelDeclared {
            Objects.requireNonNull(model);
            Objects.requireNonNull(spec);
        }
    }

    /**
     * A version changed its stage or its share of the traffic.
     *
     * @param sequence grows with every change of the model, so that an older change never overwrites a newer one
     * @param trafficPercent its share of the traffic after the change
     * @param runId null for a version that was imported
     */
    record VersionChanged(
            String model,
            int version,
            Stage stage,
            int trafficPercent,
            String baseModel,
            List<String> labels,
            ArtifactRef adapter,
            @Nullable String runId,
            String reason,
            long sequence,
            Instant at)
            implements ModelEvent {
        public VersionChanged {
            Objects.requireNonNull(model);
            Objects.requireNonNull(stage);
            Objects.requireNonNull(baseModel);
            labels = List.copyOf(labels);
            Objects.requireNonNull(adapter);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(at);
        }
    }
}
