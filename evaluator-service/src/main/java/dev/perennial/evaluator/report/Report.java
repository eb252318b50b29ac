package dev.perennial.evaluator.report;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.SetScore;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.evaluator.metric.Interval;
import dev.perennial.evaluator.metric.Metric;
import dev.perennial.evaluator.metric.Scores;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a candidate was judged, and on what.
 *
 * @param liveVersion the version it was compared with, or null when nothing was live
 * @param metric the gate's
 * @param passed whether it may have traffic
 * @param registrable false when its adapter cannot be loaded or scores differently once saved and loaded again
 * @param reasons in words
 * @param gain 95 % interval of its gain on the first set
 * @param sets in the order of the spec; one that was never uploaded is absent
 */
record Report(
        String reportId,
        String model,
        String runId,
        int round,
        int specVersion,
        String baseModel,
        ArtifactRef adapter,
        @Nullable Integer liveVersion,
        String metric,
        boolean passed,
        boolean registrable,
        List<String> reasons,
        @Nullable Interval gain,
        List<SetReport> sets,
        Instant created) {

    /**
     * The scores on one set.
     *
     * @param version of the set
     * @param live null when nothing was live
     */
    record SetReport(
            String set,
            int version,
            int samples,
            Scores candidate,
            Scores base,
            @Nullable Scores live) {
        private Stream<SetScore> scores() {
            return Metric.ALL.stream()
                    .map(metric -> new SetScore(
                            set,
                            metric.name(),
                            samples,
                            candidate.value(metric),
                            base.value(metric),
                            live == null ? null : live.value(metric)));
        }
    }

    EvaluationCompleted event(TrainingCompleted completed) {
        return new EvaluationCompleted(
                reportId,
                model,
                runId,
                completed.request(),
                adapter,
                liveVersion,
                passed,
                registrable,
                reasons,
                sets.stream().flatMap(SetReport::scores).toList());
    }
}
