package dev.perennial.scheduler.dataset;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.scheduler.mix.Mixture;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The training sets that were made, with what came of them. */
public final class Datasets {
    private final ServiceSchema schema;

    public Datasets(ServiceSchema schema) {
        this.schema = schema;
    }

    /**
     * A training set and its lineage.
     *
     * @param parentVersion the version that its run continued from
     * @param runId the run that it was for, once there is one
     * @param reportId the verdict on the run's candidate, once there is one
     */
    record Dataset(
            String sha256,
            long bytes,
            String model,
            int round,
            int specVersion,
            int train,
            int validation,
            int real,
            int synthetic,
            Instant created,
            @Nullable Integer parentVersion,
            @Nullable String runId,
            @Nullable String reportId,
            @Nullable Boolean passed) {}

    /** Records a training set in the current transaction. */
    public void add(DatasetRef dataset, Mixture mixture, Origin origin, Instant created) {
        int real = (int) Stream.concat(mixture.train().stream(), mixture.validation().stream())
                .filter(sample -> sample.source() == SampleSource.REAL)
                .count();
        schema.jdbc()
                .sql("""
                        insert into scheduler.dataset (model, round, sha256, bytes, spec_version, train, validation, real,
                            synthetic, created)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        origin.model(),
                        origin.round(),
                        dataset.artifact().sha256(),
                        dataset.artifact().bytes(),
                        origin.specVersion(),
                        mixture.train().size(),
                        mixture.validation().size(),
                        real,
                        dataset.samples() - real,
                        Timestamp.from(created))
                .update();
    }

    /** Newest first. */
    Page<Dataset> list(String model, PageRequest page) {
        long total = schema.jdbc()
                .sql("select count(*) from scheduler.dataset where model = ?")
                .param(model)
                .query(Long.class)
                .single();
        return page.of(
                schema.jdbc()
                        .sql("""
                                select dataset.*, parent_version, run_id, report_id, passed
                                from scheduler.dataset as dataset join scheduler.round as round using (model, round)
                                where model = ? order by dataset.round desc limit ? offset ?
                                """)
                        .params(model, page.size(), page.offset())
                        .query(Datasets::read)
                        .list(),
                total);
    }

    private static Dataset read(ResultSet row, int number) throws SQLException {
        return new Dataset(
                row.getString("sha256"),
                row.getLong("bytes"),
                row.getString("model"),
                row.getInt("round"),
                row.getInt("spec_version"),
                row.getInt("train"),
                row.getInt("validation"),
                row.getInt("real"),
                row.getInt("synthetic"),
                row.getTimestamp("created").toInstant(),
                row.getObject("parent_version", Integer.class),
                row.getString("run_id"),
                row.getString("report_id"),
                row.getObject("passed", Boolean.class));
    }
}
