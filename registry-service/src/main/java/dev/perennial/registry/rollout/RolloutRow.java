package dev.perennial.registry.rollout;

import dev.perennial.common.spec.RolloutSpec;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A rollout as a row. */
record RolloutRow(
        String state,
        int step,
        Instant stepStarted,
        @Nullable String pausedBy,
        @Nullable String cause,
        String reason,
        @Nullable Instant ended) {
    static RolloutRow of(Rollout rollout, String reason, int lastStep, Instant lastStepStarted) {
        return switch (rollout) {
            case Rollout.Canary canary ->
                new RolloutRow("CANARY", canary.step(), canary.stepStarted(), null, null, reason, null);
            case Rollout.Paused paused ->
                new RolloutRow(
                        "PAUSED", paused.step(), lastStepStarted, paused.by().name(), null, reason, null);
            case Rollout.Succeeded end ->
                new RolloutRow("SUCCEEDED", lastStep, lastStepStarted, null, null, reason, end.at());
            case Rollout.RolledBack end ->
                new RolloutRow(
                        "ROLLED_BACK",
                        lastStep,
                        lastStepStarted,
                        null,
                        end.cause().name(),
                        reason,
                        end.at());
            case Rollout.Aborted end ->
                new RolloutRow("ABORTED", lastStep, lastStepStarted, null, null, reason, end.at());
        };
    }

    /** Reads an active rollout. */
    static Rollout.Active active(ResultSet row, int number) throws SQLException {
        Rollout.Subject subject = new Rollout.Subject(
                row.getString("model"),
                row.getInt("version"),
                row.getInt("stable_version"),
                SpecReader.storedMapper().readValue(row.getString("plan"), RolloutSpec.class),
                instant(row, "started"));
        int step = row.getInt("step");
        String pausedBy = row.getString("paused_by");
        return pausedBy == null
                ? new Rollout.Canary(subject, step, instant(row, "step_started"))
                : new Rollout.Paused(subject, step, Rollout.PausedBy.valueOf(pausedBy), row.getString("reason"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp.toInstant();
    }
}
