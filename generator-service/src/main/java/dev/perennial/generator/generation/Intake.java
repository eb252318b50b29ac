package dev.perennial.generator.generation;

import dev.perennial.common.job.Lease;
import dev.perennial.generator.generation.CallResult.Done;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Takes results in: stores what the calls brought, publishes it, keeps the progress. */
final class Intake {
    private final GenerationStore generations;
    private final CandidateStore candidates;
    private final CandidatePublisher publisher;
    private final MeterRegistry meters;
    private final Clock clock;

    Intake(
            GenerationStore generations,
            CandidateStore candidates,
            CandidatePublisher publisher,
            MeterRegistry meters,
            Clock clock) {
        this.generations = generations;
        this.candidates = candidates;
        this.publisher = publisher;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Takes what arrived together.
     *
     * @return those that brought no end of their call
     */
    List<CallResult> take(Lease lease, Brief brief, List<CallResult> results) {
        List<Done> done = results.stream()
                .filter(Done.class::isInstance)
                .map(Done.class::cast)
                .toList();
        if (!done.isEmpty()) {
            Map<String, Integer> rejected = lease.inTransaction(() -> {
                Map<String, Integer> counts = candidates.record(brief, done);
                generations.refresh(brief.generation().generationId(), clock.instant());
                return counts;
            });
            rejected.forEach((reason, count) -> meters.counter("perennial.generation.rejected", "reason", reason)
                    .increment(count));
            publishWaiting(lease, brief);
        }
        return results.stream().filter(result -> !(result instanceof Done)).toList();
    }

    /** Publishes what is stored and not known to be published, again after a crash in between. */
    void publishWaiting(Lease lease, Brief brief) {
        String generationId = brief.generation().generationId();
        List<Candidate> waiting = candidates.unpublished(generationId);
        if (waiting.isEmpty()) {
            return;
        }
        publisher.publish(waiting.stream()
                .map(candidate -> candidate.toEvent(brief.generation(), brief.settled()))
                .toList());
        lease.inTransaction(() -> {
            candidates.published(waiting);
            generations.refresh(generationId, clock.instant());
            return waiting.size();
        });
        meters.counter(
                        "perennial.generation.candidates",
                        "provider",
                        brief.settled().provider())
                .increment(waiting.size());
    }
}
