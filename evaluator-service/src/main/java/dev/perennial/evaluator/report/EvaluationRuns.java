package dev.perennial.evaluator.report;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.EventJson;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finished training runs that are to be judged: recorded when they are heard of, once each. */
final class EvaluationRuns {
    private final ServiceSchema schema;

    EvaluationRuns(ServiceSchema schema) {
        this.schema = schema;
    }

    /** Records the runs of a batch and submits a job for each that is new. */
    void handle(List<Envelope<TrainingCompleted>> batch, Jobs jobs) {
        schema.transactions()
                .executeWithoutResult(status -> batch.forEach(envelope -> {
                    record(envelope.event());
                    jobs.submit(EvaluationJob.KIND, envelope.event().runId());
                }));
    }

    TrainingCompleted find(String runId) {
        return schema.jdbc()
                .sql("select completed from evaluator.evaluation_run where run_id = ?")
                .param(runId)
                .query((row, number) -> (TrainingCompleted) EventJson.read(
                        EventFamily.TRAINING,
                        TrainingCompleted.class.getSimpleName(),
                        row.getString("completed").getBytes(StandardCharsets.UTF_8)))
                .single();
    }

    private void record(TrainingCompleted completed) {
        schema.jdbc()
                .sql("""
                        insert into evaluator.evaluation_run (run_id, model, completed) values (?, ?, ?)
                        on conflict (run_id) do nothing
                        """)
                .params(
                        completed.runId(),
                        completed.model(),
                        new String(EventJson.write(completed), StandardCharsets.UTF_8))
                .update();
    }
}
