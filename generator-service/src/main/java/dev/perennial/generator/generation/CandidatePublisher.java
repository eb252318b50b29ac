package dev.perennial.generator.generation;

import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Publishes candidates in batches. Publishing one twice is harmless: its id is its sample id. Thread-safe. */
public final class CandidatePublisher {
    private static final int BATCH = 1000;

    private final EventPublisher publisher;
    private final Clock clock;

    public CandidatePublisher(EventPublisher publisher, Clock clock) {
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Returns when the broker has every one of them. */
    public void publish(List<SampleCandidate> candidates) {
        Instant now = clock.instant();
        for (int from = 0; from < candidates.size(); from += BATCH) {
            publisher.publish(candidates.subList(from, Math.min(from + BATCH, candidates.size())).stream()
                    .map(candidate ->
                            new Envelope<>(candidate.sampleId(), "generator", now, candidate.sampleId(), candidate))
                    .toList());
        }
    }
}
