package dev.perennial.scorer.candidate;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.Envelope;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which candidates are judged together with the encoder, and when: those of a generation when all of them are here, and
 * any that have waited long enough for more.
 */
final class Cohorts {
    static final String JOB = "judge-cohort";

    private final ServiceSchema schema;
    private final Clock clock;
    private final Duration patience;

    Cohorts(ServiceSchema schema, Clock clock, Duration patience) {
        this.schema = schema;
        this.clock = clock;
        this.patience = patience;
    }

    /** One pass over the pending candidates of a cohort. */
    record Cohort(String model, String generationId) {}

    private record Arrived(int received, int pending) {
        Arrived plus(StoredSample sample) {
            return new Arrived(received + 1, pending + (sample.isFinal() ? 0 : 1));
        }
    }

    /** Counts new synthetic samples in; call it in the transaction that stores them. */
    void arrive(String model, List<StoredSample> samples) {
        Map<String, Arrived> arrived = new TreeMap<>();
        for (StoredSample sample : samples) {
            if (sample.source() == SampleSource.SYNTHETIC && (sample.generationId() != null || !sample.isFinal())) {
                arrived.compute(
                        Objects.requireNonNullElse(sample.generationId(), ""),
                        (id, before) -> Objects.requireNonNullElse(before, new Arrived(0, 0))
                                .plus(sample));
            }
        }
        arrived.forEach((generationId, counts) -> schema.jdbc()
                .sql("""
                        insert into scorer.cohort as cohort (model, generation_id, received, pending, last_arrival)
                        values (?, ?, ?, ?, ?)
                        on conflict (model, generation_id) do update
                        set received = cohort.received + excluded.received, pending = cohort.pending + excluded.pending,
                            last_arrival = greatest(cohort.last_arrival, excluded.last_arrival)
                        """)
                .params(model, generationId, counts.received, counts.pending, Timestamp.from(clock.instant()))
                .update());
    }

    /** Learns how many candidates a generation published. */
    void handle(List<Envelope<GenerationCompleted>> batch) {
        schema.transactions().executeWithoutResult(status -> {
            for (Envelope<GenerationCompleted> envelope : batch) {
                GenerationCompleted completed = envelope.event();
                schema.jdbc()
                        .sql("""
                                insert into scorer.cohort (model, generation_id, expected, last_arrival)
                                values (?, ?, ?, ?)
                                on conflict (model, generation_id) do update set expected = excluded.expected
                                """)
                        .params(
                                completed.model(),
                                completed.generationId(),
                                completed.published(),
                                Timestamp.from(clock.instant()))
                        .update();
            }
        });
    }

    /** Submits a job for each cohort whose time has come. */
    void sweep(Jobs jobs) {
        schema.transactions().executeWithoutResult(status -> {
            schema.jdbc()
                    .sql("""
                            update scorer.cohort set judging = true, pass = pass + 1
                            where pending > 0 and not judging and (received >= expected or last_arrival < ?)
                            returning cohort_id || '-' || pass
                            """)
                    .param(Timestamp.from(clock.instant().minus(patience)))
                    .query((row, number) -> row.getString(1))
                    .list()
                    .forEach(job -> jobs.submit(JOB, job));
        });
    }

    Cohort of(String jobId) {
        return schema.jdbc()
                .sql("select model, generation_id from scorer.cohort where cohort_id = ?")
                .param(Long.parseLong(jobId.substring(0, jobId.indexOf('-'))))
                .query((row, number) -> new Cohort(row.getString("model"), row.getString("generation_id")))
                .single();
    }

    /** Ends a pass; call it in the transaction that stores the verdicts. */
    void judged(Cohort cohort, int samples) {
        schema.jdbc()
                .sql("""
                        update scorer.cohort set judging = false, pending = pending - ?
                        where model = ? and generation_id = ?
                        """)
                .params(samples, cohort.model, cohort.generationId)
                .update();
    }
}
