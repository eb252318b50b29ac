package dev.perennial.registry.version;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.registry.model.Models;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlParameterValue;

/** The versions' rows. */
public final class Versions {
    private final ServiceSchema schema;
    private final Models models;
    private final Outbox outbox;

    Versions(ServiceSchema schema, Models models, Outbox outbox) {
        this.schema = schema;
        this.models = models;
        this.outbox = outbox;
    }

    /** Stores a new version and tells of it; its model is locked and its number fresh. */
    void add(ModelVersion version, String reason) {
        insert(version);
        long sequence = models.nextSequence(version.model());
        outbox.append(new Envelope<>(
                EventIds.of("version-changed", version.model(), version.version(), sequence),
                schema.name(),
                version.registered(),
                version.model() + "/" + version.version(),
                new VersionChanged(
                        version.model(),
                        version.version(),
                        version.stage(),
                        0,
                        version.baseModel(),
                        version.labels(),
                        version.adapter(),
                        version.runId(),
                        reason,
                        sequence,
                        version.registered())));
    }

    private void insert(ModelVersion version) {
        var dataset = version.dataset();
        schema.jdbc()
                .sql("""
                        insert into registry.version (model, version, stage, origin, base_model, labels,
                            adapter_sha256, adapter_bytes, spec_version, dataset_sha256, dataset_bytes, dataset_samples,
                            parent_version, round, run_id, report_id, compared_with, scores, reasons, registered)
                        values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)
                        """)
                .params(
                        version.model(),
                        version.version(),
                        version.stage().name(),
                        version.origin().name(),
                        version.baseModel(),
                        SpecReader.storedMapper().writeValueAsString(version.labels()),
                        version.adapter().sha256(),
                        version.adapter().bytes(),
                        version.specVersion(),
                        text(dataset == null ? null : dataset.artifact().sha256()),
                        new SqlParameterValue(
                                Types.BIGINT,
                                dataset == null ? null : dataset.artifact().bytes()),
                        number(dataset == null ? null : dataset.samples()),
                        number(version.parentVersion()),
                        number(version.round()),
                        text(version.runId()),
                        text(version.reportId()),
                        number(version.comparedWith()),
                        SpecReader.storedMapper().writeValueAsString(version.scores()),
                        SpecReader.storedMapper().writeValueAsString(version.reasons()),
                        Timestamp.from(version.registered()))
                .update();
    }

    private static SqlParameterValue text(@Nullable String value) {
        return new SqlParameterValue(Types.VARCHAR, value);
    }

    private static SqlParameterValue number(@Nullable Integer value) {
        return new SqlParameterValue(Types.INTEGER, value);
    }

    public Optional<ModelVersion> find(String model, int version) {
        return schema.jdbc()
                .sql("select * from registry.version where model = ? and version = ?")
                .params(model, version)
                .query(VersionRow::read)
                .optional();
    }

    public ModelVersion require(String model, int version) {
        return find(model, version)
                .orElseThrow(() -> ProblemException.notFound(
                        "version-unknown", "Model '" + model + "' has no version " + version + "."));
    }

    /** The version that an earlier import of the same files made. */
    Optional<ModelVersion> imported(String model, String adapterSha256) {
        return schema.jdbc()
                .sql("""
                        select * from registry.version
                        where model = ? and adapter_sha256 = ? and origin = 'IMPORTED' order by version limit 1
                        """)
                .params(model, adapterSha256)
                .query(VersionRow::read)
                .optional();
    }

    Page<ModelVersion> page(String model, PageRequest request) {
        long total = schema.jdbc()
                .sql("select count(*) from registry.version where model = ?")
                .param(model)
                .query(Long.class)
                .single();
        return request.of(
                schema.jdbc()
                        .sql("select * from registry.version where model = ? order by version desc limit ? offset ?")
                        .params(model, request.size(), request.offset())
                        .query(VersionRow::read)
                        .list(),
                total);
    }
}
