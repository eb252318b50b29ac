package dev.perennial.trainer.run;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.messaging.Envelope;
import java.time.Clock;
import java.util.List;

/** Takes requested runs: each becomes a job, once. */
final class RunIntake {
    private final ServiceSchema schema;
    private final RunStore runs;
    private final Jobs jobs;
    private final Clock clock;

    RunIntake(ServiceSchema schema, RunStore runs, Jobs jobs, Clock clock) {
        this.schema = schema;
        this.runs = runs;
        this.jobs = jobs;
        this.clock = clock;
    }

    void on(List<Envelope<TrainingRequested>> batch) {
        schema.transactions().executeWithoutResult(status -> {
            for (Envelope<TrainingRequested> envelope : batch) {
                runs.add(envelope.event(), clock.instant());
                jobs.submit(RunJob.KIND, envelope.event().runId());
            }
        });
    }
}
