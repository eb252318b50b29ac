package dev.perennial.scheduler.round;

import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says what a run is to do. */
final class RunRequests {
    private RunRequests() {}

    /** Continues from the live version, unless the spec names another base model by now. */
    static TrainingRequested of(Round.Queued round, String slot, Optional<VersionChanged> live) {
        RoundHead head = round.head();
        Optional<VersionChanged> parent =
                live.filter(version -> version.baseModel().equals(head.spec().baseModel()));
        return new TrainingRequested(
                round.runId(),
                head.model(),
                head.specVersion(),
                head.number(),
                head.spec().baseModel(),
                labels(
                        parent.map(VersionChanged::labels).orElse(List.of()),
                        head.spec().task().labels()),
                round.dataset(),
                parent.map(VersionChanged::adapter).orElse(null),
                parent.map(VersionChanged::version).orElse(null),
                head.spec().training(),
                slot,
                head.seed());
    }

    /** The parent's outputs keep their places; labels that are new to the spec follow. */
    private static List<String> labels(List<String> parent, List<String> spec) {
        Set<String> labels = new LinkedHashSet<>(parent);
        labels.addAll(spec);
        return List.copyOf(labels);
    }
}
