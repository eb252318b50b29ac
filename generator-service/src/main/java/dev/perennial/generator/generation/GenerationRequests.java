package dev.perennial.generator.generation;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.Envelope;
import java.util.List;

/** Turns requests into runs: the row and the job in one transaction, once for each id. */
final class GenerationRequests {
    static final String KIND = "generation";

    private final ServiceSchema schema;
    private final GenerationStore store;
    private final Jobs jobs;

    GenerationRequests(ServiceSchema schema, GenerationStore store, Jobs jobs) {
        this.schema = schema;
        this.store = store;
        this.jobs = jobs;
    }

    void handle(List<Envelope<GenerationRequested>> batch) {
        schema.transactions().executeWithoutResult(status -> {
            for (Envelope<GenerationRequested> envelope : batch) {
                store.add(envelope.event(), envelope.time());
                jobs.submit(KIND, envelope.event().generationId());
            }
        });
    }
}
