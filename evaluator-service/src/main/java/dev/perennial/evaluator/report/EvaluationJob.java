package dev.perennial.evaluator.report;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.job.JobHandler;
import dev.perennial.common.job.Lease;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges one training run; the report and its event commit together with the end of the job. */
final class EvaluationJob implements JobHandler {
    static final String KIND = "evaluation";
    private static final Logger log = LoggerFactory.getLogger(EvaluationJob.class);

    private final EvaluationRuns runs;
    private final Examiner examiner;
    private final Reports reports;
    private final Outbox outbox;

    EvaluationJob(EvaluationRuns runs, Examiner examiner, Reports reports, Outbox outbox) {
        this.runs = runs;
        this.examiner = examiner;
        this.reports = reports;
        this.outbox = outbox;
    }

    @Override
    public void run(Lease lease) {
        TrainingCompleted completed = runs.find(lease.jobId());
        file(lease, completed, examiner.examine(completed));
    }

    /** Ends a judgement that fails again and again: the round waits for a verdict. */
    void giveUp(Lease lease, String reason) {
        TrainingCompleted completed = runs.find(lease.jobId());
        file(lease, completed, examiner.refuse(completed, "The candidate was not registered: its judgement " + reason));
    }

    private void file(Lease lease, TrainingCompleted completed, Report report) {
        lease.finish(() -> {
            reports.add(report);
            outbox.append(new Envelope<>(
                    EventIds.of("evaluation", report.runId()),
                    "evaluator",
                    report.created(),
                    report.model(),
                    report.event(completed)));
        });
        log.info(
                "evaluation.completed model={} run={} passed={} registrable={}",
                report.model(),
                report.runId(),
                report.passed(),
                report.registrable());
    }
}
