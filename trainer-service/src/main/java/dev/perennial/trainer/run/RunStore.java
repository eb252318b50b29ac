package dev.perennial.trainer.run;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.trainer.backend.StepProgress;
import java.sql.Timestamp;
import java.time.Instant;

/** The runs' rows. Works in the caller's transaction; a row that has ended never changes. */
final class RunStore {
    private final ServiceSchema schema;

    RunStore(ServiceSchema schema) {
        this.schema = schema;
    }

    void add(TrainingRequested request, Instant at) {
        schema.jdbc()
                .sql("""
                        insert into trainer.training_run (run_id, model, round, slot, request, requested, updated)
                        values (?, ?, ?, ?, ?::jsonb, ?, ?) on conflict do nothing
                        """)
                .params(
                        request.runId(),
                        request.model(),
                        request.round(),
                        request.slot(),
                        SpecReader.storedMapper().writeValueAsString(request),
                        Timestamp.from(at),
                        Timestamp.from(at))
                .update();
    }

    Run started(String runId, int attempt, Instant at) {
        return schema.jdbc()
                .sql("""
                        update trainer.training_run
                        set state = 'RUNNING', attempt = ?, started = coalesce(started, ?), updated = ?
                        where run_id = ? returning request, defects, checkpoint
                        """)
                .params(attempt, Timestamp.from(at), Timestamp.from(at), runId)
                .query((row, number) -> new Run(
                        SpecReader.storedMapper().readValue(row.getString("request"), TrainingRequested.class),
                        row.getInt("defects"),
                        row.getString("checkpoint")))
                .single();
    }

    void progressed(String runId, StepProgress progress, Instant at) {
        schema.jdbc()
                .sql("""
                        update trainer.training_run
                        set step = ?, total_steps = ?, epoch = ?, loss = ?, tokens_per_second = ?, eta_millis = ?,
                            validation_accuracy = coalesce(?, validation_accuracy), updated = ?
                        where run_id = ?
                        """)
                .param(progress.step())
                .param(progress.totalSteps())
                .param(progress.epoch())
                .param(progress.loss())
                .param(progress.tokensPerSecond())
                .param(progress.eta().toMillis())
                .param(progress.validationAccuracy())
                .param(Timestamp.from(at))
                .param(runId)
                .update();
    }

    void checkpointed(String runId, String file, int step) {
        schema.jdbc()
                .sql("update trainer.training_run set checkpoint = ?, checkpoint_step = ? where run_id = ?")
                .params(file, step, runId)
                .update();
    }

    void defect(String runId) {
        schema.jdbc()
                .sql("update trainer.training_run set defects = defects + 1 where run_id = ?")
                .param(runId)
                .update();
    }

    void completed(String runId, ArtifactRef adapter, Instant at) {
        schema.jdbc()
                .sql("""
                        update trainer.training_run
                        set state = 'COMPLETED', adapter_sha256 = ?, adapter_bytes = ?, eta_millis = 0, finished = ?,
                            updated = ?
                        where run_id = ?
                        """)
                .params(adapter.sha256(), adapter.bytes(), Timestamp.from(at), Timestamp.from(at), runId)
                .update();
    }

    void failed(String runId, String reason, Instant at) {
        schema.jdbc()
                .sql("""
                        update trainer.training_run set state = 'FAILED', failure = ?, finished = ?, updated = ?
                        where run_id = ?
                        """)
                .params(reason, Timestamp.from(at), Timestamp.from(at), runId)
                .update();
    }
}
