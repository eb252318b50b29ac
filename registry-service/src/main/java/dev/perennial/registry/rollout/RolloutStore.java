package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.spec.SpecReader;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlParameterValue;

/** The rollouts' rows. */
final class RolloutStore {
    private final ServiceSchema schema;

    RolloutStore(ServiceSchema schema) {
        this.schema = schema;
    }

    Optional<Rollout.Active> active(String model) {
        return schema.jdbc()
                .sql("select * from registry.rollout where model = ? and ended is null")
                .param(model)
                .query(RolloutRow::active)
                .optional();
    }

    /** Models whose canary gathers evidence. */
    List<String> gathering() {
        return schema.jdbc()
                .sql("select model from registry.rollout where state = 'CANARY' order by model")
                .query((row, number) -> row.getString("model"))
                .list();
    }

    /** Writes the state over the model's active rollout, or as a new one when none is active. */
    void save(Rollout rollout, String reason) {
        Rollout.Subject subject = rollout.subject();
        RolloutRow before = last(subject.model());
        RolloutRow row = before == null || before.ended() != null
                ? RolloutRow.of(rollout, reason, 0, subject.started())
                : RolloutRow.of(rollout, reason, before.step(), before.stepStarted());
        if (before == null || before.ended() != null) {
            insert(subject);
        }
        schema.jdbc()
                .sql("""
                        update registry.rollout set state = ?, step = ?, step_started = ?, paused_by = ?, cause = ?,
                            reason = ?, ended = ?
                        where model = ? and ended is null
                        """)
                .params(
                        row.state(),
                        row.step(),
                        Timestamp.from(row.stepStarted()),
                        text(row.pausedBy()),
                        text(row.cause()),
                        row.reason(),
                        new SqlParameterValue(Types.TIMESTAMP, timestamp(row.ended())),
                        subject.model())
                .update();
    }

    private void insert(Rollout.Subject subject) {
        schema.jdbc()
                .sql("""
                        insert into registry.rollout (model, number, version, stable_version, state, plan, started,
                            step, step_started, reason)
                        select :model, coalesce(max(number), 0) + 1, :version, :stable, 'CANARY', :plan::jsonb,
                            :started, 0, :started, ''
                        from registry.rollout where model = :model
                        """)
                .param("model", subject.model())
                .param("version", subject.version())
                .param("stable", subject.stable())
                .param("plan", SpecReader.storedMapper().writeValueAsString(subject.plan()))
                .param("started", Timestamp.from(subject.started()))
                .update();
    }

    private @Nullable RolloutRow last(String model) {
        return schema.jdbc()
                .sql("select * from registry.rollout where model = ? order by number desc limit 1")
                .param(model)
                .query((row, number) -> new RolloutRow(
                        row.getString("state"),
                        row.getInt("step"),
                        row.getTimestamp("step_started").toInstant(),
                        row.getString("paused_by"),
                        row.getString("cause"),
                        row.getString("reason"),
                        instant(row.getTimestamp("ended"))))
                .optional()
                .orElse(null);
    }

    private static SqlParameterValue text(@Nullable String value) {
        return new SqlParameterValue(Types.VARCHAR, value);
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
