package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The counts of each rollout, step and arm. */
final class EvidenceStore {
    private enum Side {
        STABLE,
        CANARY
    }

    private record Count(int step, Side side, Arm arm) {}

    private final ServiceSchema schema;

    EvidenceStore(ServiceSchema schema) {
        this.schema = schema;
    }

    /** Adds counts to the model's active rollout, at its current step. */
    void add(Rollout.Active rollout, int version, Arm more) {
        Side side = version == rollout.subject().version() ? Side.CANARY : Side.STABLE;
        schema.jdbc()
                .sql("""
                        insert into registry.evidence as known
                            (model, number, step, arm, correct, incorrect, requests, unhealthy)
                        select model, number, step, ?, ?, ?, ?, ? from registry.rollout
                        where model = ? and version = ? and stable_version = ? and ended is null
                        on conflict (model, number, step, arm) do update set
                            correct = known.correct + excluded.correct,
                            incorrect = known.incorrect + excluded.incorrect,
                            requests = known.requests + excluded.requests,
                            unhealthy = known.unhealthy + excluded.unhealthy
                        """)
                .params(
                        side.name(),
                        more.correct(),
                        more.incorrect(),
                        more.requests(),
                        more.unhealthy(),
                        rollout.subject().model(),
                        rollout.subject().version(),
                        rollout.subject().stable())
                .update();
    }

    /** Everything since the model's active rollout began. */
    Evidence load(Rollout.Active rollout) {
        List<Count> counts = schema.jdbc()
                .sql("""
                        select e.* from registry.evidence e
                        join registry.rollout r on r.model = e.model and r.number = e.number
                        where r.model = ? and r.ended is null
                        """)
                .param(rollout.subject().model())
                .query(EvidenceStore::count)
                .list();
        return new Evidence(
                sum(counts, Side.STABLE),
                sum(counts, Side.CANARY),
                counts.stream()
                        .filter(count -> count.side() == Side.CANARY && count.step() == rollout.step())
                        .mapToLong(count -> count.arm().feedbacks())
                        .sum());
    }

    private static Arm sum(List<Count> counts, Side side) {
        return counts.stream()
                .filter(count -> count.side() == side)
                .map(Count::arm)
                .reduce(Arm.NOTHING, Arm::plus);
    }

    private static Count count(ResultSet row, int number) throws SQLException {
        return new Count(
                row.getInt("step"),
                Side.valueOf(row.getString("arm")),
                new Arm(
                        row.getLong("correct"),
                        row.getLong("incorrect"),
                        row.getLong("requests"),
                        row.getLong("unhealthy")));
    }
}
