package dev.perennial.registry.version;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.SetScore;
import dev.perennial.common.event.Stage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version with its full lineage.
 *
 * @param specVersion the spec it was trained for, or that was in force when it was imported
 * @param dataset what it was trained on; unknown for an import
 * @param parentVersion the version whose adapter its training continued from
 * @param comparedWith the version that was live when it was judged
 * @param scores on each evaluation set
 * @param reasons what the gate found, or why it was imported
 * @param liveSince when it last became live, null if it never was
 */
public record ModelVersion(
        String model,
        int version,
        Stage stage,
        int trafficPercent,
        Origin origin,
        String baseModel,
        List<String> labels,
        ArtifactRef adapter,
        int specVersion,
        @Nullable DatasetRef dataset,
        @Nullable Integer parentVersion,
        @Nullable Integer round,
        @Nullable String runId,
        @Nullable String reportId,
        @Nullable Integer comparedWith,
        List<SetScore> scores,
        List<String> reasons,
        Instant registered,
        @Nullable Instant liveSince) {
    public ModelVersion {
        labels = List.copyOf(labels);
        scores = List.copyOf(scores);
        reasons = List.copyOf(reasons);
    }

    /** Where the adapter came from. */
    public enum Origin {
        TRAINED,
        IMPORTED
    }
}
