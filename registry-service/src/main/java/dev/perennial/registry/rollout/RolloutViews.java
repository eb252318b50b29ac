package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.spec.RolloutSpec;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;

/** Reads rollouts for people. */
final class RolloutViews {
    private final ServiceSchema schema;

    RolloutViews(ServiceSchema schema) {
        this.schema = schema;
    }

    RolloutView newest(String model) {
        return page(model, new PageRequest(0, 1)).getFirst();
    }

    long count(String model) {
        return schema.jdbc()
                .sql("select count(*) from registry.rollout where model = ?")
                .param(model)
                .query(Long.class)
                .single();
    }

    int live(String model) {
        return schema.jdbc()
                .sql("select version from registry.version where model = ? and stage = 'LIVE'")
                .param(model)
                .query(Integer.class)
                .single();
    }

    /** Newest first. */
    List<RolloutView> page(String model, PageRequest page) {
        return schema.jdbc()
                .sql("""
                        select r.*,
                            coalesce(sum(e.correct) filter (where arm = 'CANARY'), 0) as canary_correct,
                            coalesce(sum(e.incorrect) filter (where arm = 'CANARY'), 0) as canary_incorrect,
                            coalesce(sum(e.requests) filter (where arm = 'CANARY'), 0) as canary_requests,
                            coalesce(sum(e.unhealthy) filter (where arm = 'CANARY'), 0) as canary_unhealthy,
                            coalesce(sum(e.correct) filter (where arm = 'STABLE'), 0) as stable_correct,
                            coalesce(sum(e.incorrect) filter (where arm = 'STABLE'), 0) as stable_incorrect,
                            coalesce(sum(e.requests) filter (where arm = 'STABLE'), 0) as stable_requests,
                            coalesce(sum(e.unhealthy) filter (where arm = 'STABLE'), 0) as stable_unhealthy
                        from registry.rollout r
                        left join registry.evidence e on e.model = r.model and e.number = r.number
                        where r.model = ?
                        group by r.model, r.number
                        order by r.number desc limit ? offset ?
                        """)
                .params(model, page.size(), page.offset())
                .query(RolloutViews::view)
                .list();
    }

    private static RolloutView view(ResultSet row, int number) throws SQLException {
        RolloutSpec plan = SpecReader.storedMapper().readValue(row.getString("plan"), RolloutSpec.class);
        String state = row.getString("state");
        Timestamp ended = row.getTimestamp("ended");
        int percent = switch (state) {
            case "SUCCEEDED" -> 100;
            case "CANARY", "PAUSED" -> plan.steps().get(row.getInt("step"));
            default -> 0;
        };
        return new RolloutView(
                row.getInt("number"),
                row.getInt("version"),
                row.getInt("stable_version"),
                state,
                percent,
                row.getInt("step"),
                plan.steps(),
                row.getTimestamp("started").toInstant(),
                row.getTimestamp("step_started").toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getString("paused_by"),
                row.getString("cause"),
                row.getString("reason"),
                arm(row, "canary_"),
                arm(row, "stable_"));
    }

    private static Arm arm(ResultSet row, String prefix) throws SQLException {
        return new Arm(
                row.getLong(prefix + "correct"),
                row.getLong(prefix + "incorrect"),
                row.getLong(prefix + "requests"),
                row.getLong(prefix + "unhealthy"));
    }
}
