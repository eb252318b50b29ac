package dev.perennial.scheduler.round;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rounds as people look at them. */
final class RoundViews {
    private static final String SELECT = """
            select round.*, accepted, rejected from scheduler.round as round
            left join scheduler.generation_arrival as arrival using (generation_id)
            """;

    private final ServiceSchema schema;

    RoundViews(ServiceSchema schema) {
        this.schema = schema;
    }

    /**
     * A round's samples on their way.
     *
     * @param requested samples that the generator was asked for
     * @param published candidates to wait for, once the generator has said how many
     * @param arrived those of them that were scored
     * @param outcome of the generation run, once it has ended
     */
    record GenerationView(
            String generationId,
            Map<String, Integer> samplesPerLabel,
            int requested,
            @Nullable Integer published,
            long arrived,
            long accepted,
            @Nullable String outcome) {}

    /** A training set. */
    record DatasetView(String sha256, int samples) {}

    /**
     * A round.
     *
     * @param since when it came into its state
     */
    record RoundView(
            String model,
            int round,
            String state,
            Instant since,
            Instant opened,
            String cause,
            String reason,
            int specVersion,
            int priority,
            @Nullable GenerationView generation,
            @Nullable DatasetView dataset,
            @Nullable String runId,
            @Nullable String slot,
            @Nullable Integer parentVersion,
            @Nullable String reportId,
            @Nullable Boolean passed,
            @Nullable String failure) {}

    Optional<RoundView> find(String model, int round) {
        return schema.jdbc()
                .sql(SELECT + "where model = ? and round = ?")
                .params(model, round)
                .query(RoundViews::read)
                .optional();
    }

    /** Newest first. */
    Page<RoundView> list(String model, PageRequest page) {
        long total = schema.jdbc()
                .sql("select count(*) from scheduler.round where model = ?")
                .param(model)
                .query(Long.class)
                .single();
        return page.of(
                schema.jdbc()
                        .sql(SELECT + "where model = ? order by round desc limit ? offset ?")
                        .params(model, page.size(), page.offset())
                        .query(RoundViews::read)
                        .list(),
                total);
    }

    private static RoundView read(ResultSet row, int number) throws SQLException {
        return new RoundView(
                row.getString("model"),
                row.getInt("round"),
                row.getString("state"),
                row.getTimestamp("since").toInstant(),
                row.getTimestamp("opened").toInstant(),
                row.getString("cause"),
                row.getString("reason"),
                row.getInt("spec_version"),
                row.getInt("priority"),
                generation(row),
                dataset(row),
                row.getString("run_id"),
                row.getString("slot"),
                row.getObject("parent_version", Integer.class),
                row.getString("report_id"),
                row.getObject("passed", Boolean.class),
                row.getString("failure"));
    }

    private static @Nullable GenerationView generation(ResultSet row) throws SQLException {
        String id = row.getString("generation_id");
        if (id == null) {
            return null;
        }
        Map<String, Integer> wanted = RoundRow.counts(row.getString("samples_per_label"));
        return new GenerationView(
                id,
                wanted,
                wanted.values().stream().mapToInt(Integer::intValue).sum(),
                row.getObject("published", Integer.class),
                row.getLong("accepted") + row.getLong("rejected"),
                row.getLong("accepted"),
                row.getString("generation_outcome"));
    }

    private static @Nullable DatasetView dataset(ResultSet row) throws SQLException {
        String sha256 = row.getString("dataset_sha256");
        return sha256 == null ? null : new DatasetView(sha256, row.getInt("dataset_samples"));
    }
}
