package dev.perennial.registry.version;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.Stage;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.PoisonException;
import dev.perennial.registry.model.ChangeKind;
import dev.perennial.registry.model.ChangeLog;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.Releases;
import java.time.Clock;
import java.util.List;

/** Makes versions of judged candidates. A report that was seen before changes nothing. */
public final class Registrar {
    private final ServiceSchema schema;
    private final Models models;
    private final Versions versions;
    private final ChangeLog changes;
    private final Releases releases;
    private final Clock clock;

    Registrar(
            ServiceSchema schema, Models models, Versions versions, ChangeLog changes, Releases releases, Clock clock) {
        this.schema = schema;
        this.models = models;
        this.versions = versions;
        this.changes = changes;
        this.releases = releases;
        this.clock = clock;
    }

    /** Registers each of them, and starts what may start. */
    public void register(List<Envelope<EvaluationCompleted>> batch) {
        schema.transactions().executeWithoutResult(status -> batch.forEach(envelope -> register(envelope.event())));
    }

    private void register(EvaluationCompleted report) {
        if (models.lock(report.model()).isEmpty()) {
            throw new PoisonException(
                    "report " + report.reportId() + " is about '" + report.model() + "', which was never declared");
        }
        if (known(report)) {
            return;
        }
        if (!report.registrable()) {
            refuse(report);
            return;
        }
        ModelVersion version = version(report, models.nextVersion(report.model()));
        String reason = String.join("; ", report.reasons());
        versions.add(version, reason);
        ChangeKind kind = report.passed() ? ChangeKind.REGISTERED : ChangeKind.REJECTED;
        changes.append(ChangeLog.Line.of(report.model(), kind, version.version(), reason));
        releases.settle(report.model());
    }

    private boolean known(EvaluationCompleted report) {
        return schema.jdbc()
                .sql("""
                        select exists (select 1 from registry.version where model = :model and report_id = :report)
                            or exists (select 1 from registry.refused_report where model = :model and report_id = :report)
                        """)
                .param("model", report.model())
                .param("report", report.reportId())
                .query(Boolean.class)
                .single();
    }

    private void refuse(EvaluationCompleted report) {
        schema.jdbc()
                .sql("insert into registry.refused_report (model, report_id) values (?, ?)")
                .params(report.model(), report.reportId())
                .update();
        changes.append(ChangeLog.Line.of(
                report.model(),
                ChangeKind.NOT_REGISTERED,
                null,
                "run " + report.runId() + ": " + String.join("; ", report.reasons())));
    }

    private ModelVersion version(EvaluationCompleted report, int number) {
        TrainingRequested request = report.request();
        return new ModelVersion(
                report.model(),
                number,
                report.passed() ? Stage.CANDIDATE : Stage.REJECTED,
                0,
                ModelVersion.Origin.TRAINED,
                request.baseModel(),
                request.labels(),
                report.adapter(),
                request.specVersion(),
                request.dataset(),
                request.parentVersion(),
                request.round(),
                report.runId(),
                report.reportId(),
                report.liveVersion(),
                report.sets(),
                report.reasons(),
                clock.instant(),
                null);
    }
}
