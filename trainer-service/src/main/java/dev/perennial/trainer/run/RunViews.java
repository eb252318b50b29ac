package dev.perennial.trainer.run;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as people look at them. */
final class RunViews {
    private final ServiceSchema schema;

    RunViews(ServiceSchema schema) {
        this.schema = schema;
    }

    /**
     * A run.
     *
     * @param attempts how often a worker has taken it up
     * @param etaSeconds until it ends, if it does not stop early
     * @param validationAccuracy of the last epoch that ended
     * @param checkpointStep where another worker would go on
     * @param adapter sha256 of the adapter
     */
    record RunView(
            String runId,
            String model,
            int round,
            String slot,
            String state,
            int attempts,
            Instant requested,
            @Nullable Instant started,
            Instant updated,
            @Nullable Instant finished,
            int step,
            int totalSteps,
            int epoch,
            @Nullable Double loss,
            @Nullable Double tokensPerSecond,
            @Nullable Double etaSeconds,
            @Nullable Double validationAccuracy,
            @Nullable Integer checkpointStep,
            @Nullable String adapter,
            @Nullable String failure) {}

    Optional<RunView> find(String runId) {
        return schema.jdbc()
                .sql("select * from trainer.training_run where run_id = ?")
                .param(runId)
                .query(RunViews::read)
                .optional();
    }

    /** Newest first; those of all models without a name. */
    Page<RunView> list(@Nullable String model, PageRequest page) {
        long total = schema.jdbc()
                .sql("select count(*) from trainer.training_run where coalesce(?, model) = model")
                .param(model)
                .query(Long.class)
                .single();
        return page.of(
                schema.jdbc()
                        .sql("""
                                select * from trainer.training_run where coalesce(?, model) = model
                                order by requested desc, run_id limit ? offset ?
                                """)
                        .param(model)
                        .param(page.size())
                        .param(page.offset())
                        .query(RunViews::read)
                        .list(),
                total);
    }

    private static RunView read(ResultSet row, int number) throws SQLException {
        Long etaMillis = row.getObject("eta_millis", Long.class);
        return new RunView(
                row.getString("run_id"),
                row.getString("model"),
                row.getInt("round"),
                row.getString("slot"),
                row.getString("state"),
                row.getInt("attempt"),
                row.getTimestamp("requested").toInstant(),
                instant(row.getTimestamp("started")),
                row.getTimestamp("updated").toInstant(),
                instant(row.getTimestamp("finished")),
                row.getInt("step"),
                row.getInt("total_steps"),
                row.getInt("epoch"),
                row.getObject("loss", Double.class),
                row.getObject("tokens_per_second", Double.class),
                etaMillis == null ? null : etaMillis / 1000.0,
                row.getObject("validation_accuracy", Double.class),
                row.getObject("checkpoint_step", Integer.class),
                row.getString("adapter_sha256"),
                row.getString("failure"));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
