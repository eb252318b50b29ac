package dev.perennial.scheduler.round;

import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.scheduler.pool.SamplePool.Arrivals;
import java.util.Map;

/**
 * A training round. Each state is a record; what may happen next is a method of that state. A model has at most one round
 * that is not {@link Finished} or {@link Failed}.
 */
sealed interface Round {
    RoundHead head();

    /** Opens a round: with samples to wait for, or straight to its training set. */
    static Round open(RoundHead head, Map<String, Integer> samplesPerLabel) {
        return samplesPerLabel.isEmpty()
                ? new Assembling(head)
                : new Generating(
                        head, EventIds.of("scheduler.generation", head.model(), head.number()), samplesPerLabel);
    }

    /** The generator is writing samples. */
    record Generating(RoundHead head, String generationId, Map<String, Integer> samplesPerLabel) implements Round {
        Round completed(GenerationCompleted done, Arrivals arrivals) {
            return new Collecting(head, generationId, done.published(), done.outcome()).arrived(arrivals);
        }
    }

    /** Its candidates are on their way through the scorer. */
    record Collecting(RoundHead head, String generationId, int published, String outcome) implements Round {
        Round arrived(Arrivals arrivals) {
            return arrivals.total() < published ? this : settled(arrivals);
        }

        /** Goes on with what has arrived: all of it, or all that can be hoped for. */
        Round settled(Arrivals arrivals) {
            return arrivals.accepted() > 0
                    ? new Assembling(head)
                    : new Failed(
                            head,
                            "the generation run (" + outcome + ") gave no accepted sample: " + published
                                    + " published, " + arrivals.rejected() + " rejected");
        }
    }

    /** Its training set is being put together. */
    record Assembling(RoundHead head) implements Round {
        Queued assembled(DatasetRef dataset) {
            return new Queued(head, dataset);
        }

        Failed impossible(String reason) {
            return new Failed(head, reason);
        }
    }

    /** It waits for a slot. */
    record Queued(RoundHead head, DatasetRef dataset) implements Round {
        String runId() {
            return EventIds.of("scheduler.run", head.model(), head.number());
        }

        Training started() {
            return new Training(head, runId());
        }
    }

    /** A trainer works on it. */
    record Training(RoundHead head, String runId) implements Round {
        Evaluating completed() {
            return new Evaluating(head, runId);
        }

        Failed failed(String reason) {
            return new Failed(head, "training failed: " + reason);
        }
    }

    /** Its candidate is being judged. */
    record Evaluating(RoundHead head, String runId) implements Round {
        Finished evaluated(EvaluationCompleted evaluation) {
            return new Finished(head, evaluation.reportId(), evaluation.passed());
        }
    }

    /** Its candidate was judged. */
    record Finished(RoundHead head, String reportId, boolean passed) implements Round {}

    /** It ended without a candidate. */
    record Failed(RoundHead head, String reason) implements Round {}
}
