package dev.perennial.generator.generation;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.job.Lease;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a run and tells so, in one transaction. */
final class Conclusion {
    private static final Logger log = LoggerFactory.getLogger(Conclusion.class);

    private static final String OFFLINE = "offline";

    private final GenerationStore store;
    private final Outbox outbox;
    private final Clock clock;

    Conclusion(GenerationStore store, Outbox outbox, Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Every call was made. A run that brought nothing has failed, and says what became of it instead. */
    void endThrough(Lease lease, Brief brief) {
        Generation generation = brief.generation();
        GenerationView view = store.view(generation.generationId()).orElseThrow();
        if (view.produced() > 0) {
            end(lease, generation, GenerationStatus.COMPLETE, leftOut(brief));
        } else {
            end(lease, generation, GenerationStatus.FAILED, nothing(view));
        }
    }

    void end(Lease lease, Generation generation, GenerationStatus status, String message) {
        Instant now = clock.instant();
        lease.finish(() -> {
            GenerationView view = store.end(generation.generationId(), status, message, now);
            outbox.append(new Envelope<>(
                    EventIds.of("generator", generation.generationId(), "completed"),
                    "generator",
                    now,
                    generation.model(),
                    completed(generation, view, status)));
        });
        log.info(
                "generation.ended generation={} model={} outcome={}",
                generation.generationId(),
                generation.model(),
                status.wire());
    }

    private static String leftOut(Brief brief) {
        String unknown = brief.generation().wanted().keySet().stream()
                .filter(label -> !brief.wanted().containsKey(label))
                .sorted()
                .collect(Collectors.joining(", "));
        return unknown.isEmpty() ? "" : "These are no labels of the model and were left out: " + unknown + ".";
    }

    private static String nothing(GenerationView view) {
        String reasons = view.rejected().stream()
                .map(count -> count.count() + " " + count.name())
                .collect(Collectors.joining(", "));
        return "No candidate came of " + view.callsDone() + " calls"
                + (reasons.isEmpty() ? "." : " (" + reasons + ").")
                + (OFFLINE.equals(view.provider())
                        ? " The offline provider needs a grammar in the template with words for its slots, or accepted"
                                + " real samples."
                        : "");
    }

    private static GenerationCompleted completed(Generation generation, GenerationView view, GenerationStatus status) {
        return new GenerationCompleted(
                generation.generationId(),
                generation.model(),
                generation.requested(),
                view.published(),
                view.rejected(),
                view.tokens(),
                status.wire());
    }
}
