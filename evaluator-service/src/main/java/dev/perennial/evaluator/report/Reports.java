package dev.perennial.evaluator.report;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.spec.SpecReader;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The stored reports. */
final class Reports {
    private final ServiceSchema schema;

    Reports(ServiceSchema schema) {
        this.schema = schema;
    }

    /** A report in a list. */
    record Summary(String reportId, String runId, int round, boolean passed, boolean registrable, Instant created) {}

    /** Files a report in the current transaction. */
    void add(Report report) {
        schema.jdbc()
                .sql("""
                        insert into evaluator.report
                            (report_id, model, run_id, round, passed, registrable, created, document)
                        values (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                        """)
                .params(
                        report.reportId(),
                        report.model(),
                        report.runId(),
                        report.round(),
                        report.passed(),
                        report.registrable(),
                        Timestamp.from(report.created()),
                        SpecReader.storedMapper().writeValueAsString(report))
                .update();
    }

    Optional<Report> find(String reportId) {
        return schema.jdbc()
                .sql("select document from evaluator.report where report_id = ?")
                .param(reportId)
                .query((row, number) -> SpecReader.storedMapper().readValue(row.getString("document"), Report.class))
                .optional();
    }

    /** Newest first. */
    Page<Summary> list(String model, PageRequest page) {
        List<Summary> items = schema.jdbc()
                .sql("""
                        select report_id, run_id, round, passed, registrable, created from evaluator.report
                        where model = ? order by created desc, report_id limit ? offset ?
                        """)
                .params(model, page.size(), page.offset())
                .query((row, number) -> new Summary(
                        row.getString("report_id"),
                        row.getString("run_id"),
                        row.getInt("round"),
                        row.getBoolean("passed"),
                        row.getBoolean("registrable"),
                        row.getTimestamp("created").toInstant()))
                .list();
        long total = schema.jdbc()
                .sql("select count(*) from evaluator.report where model = ?")
                .param(model)
                .query(Long.class)
                .single();
        return page.of(items, total);
    }
}
