package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.spec.RolloutSpec;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.registry.model.Models;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Rollouts over HTTP. */
@RestController
public final class RolloutEndpoint {
    private final Releases releases;
    private final Models models;
    private final ServiceSchema schema;

    RolloutEndpoint(Releases releases, Models models, ServiceSchema registrySchema) {
        this.releases = releases;
        this.models = models;
        this.schema = registrySchema;
    }

    /** A rollout with the evidence gathered so far. */
    record RolloutView(
            int number,
            int version,
            int stableVersion,
            String state,
            int percent,
            int step,
            List<Integer> steps,
            Instant started,
            Instant stepStarted,
            @Nullable Instant ended,
            @Nullable String pausedBy,
            @Nullable String cause,
            String reason,
            Arm canary,
            Arm stable) {}

    /** What a command asks for; all of it may be left out. */
    record Command(
            @Nullable Integer version,
            @Nullable Integer toVersion,
            @Nullable String reason) {
        static final Command EMPTY = new Command(null, null, null);

        String because() {
            return reason == null || reason.isBlank() ? "by command" : reason.strip();
        }
    }

    @GetMapping("/api/models/{name}/rollouts")
    Page<RolloutView> list(
            @PathVariable String name,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        models.require(name);
        PageRequest request = new PageRequest(page, size);
        long total = schema.jdbc()
                .sql("select count(*) from registry.rollout where model = ?")
                .param(name)
                .query(Long.class)
                .single();
        return request.of(rollouts(name, request), total);
    }

    @PostMapping("/api/models/{name}/rollout/pause")
    RolloutView pause(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.pause(name, given(command).because());
        return newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/resume")
    RolloutView resume(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.resume(name, given(command).because());
        return newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/abort")
    RolloutView abort(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.abort(name, given(command).because());
        return newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/promote")
    RolloutView promote(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.promote(name, given(command).because());
        return newest(name);
    }

    @PostMapping("/api/models/{name}/rollout/retry")
    RolloutView retry(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.retry(name, given(command).version(), given(command).because());
        return newest(name);
    }

    /** Which version answers after a rollback. */
    record RolledBackTo(String model, int live) {}

    @PostMapping("/api/models/{name}/rollback")
    RolledBackTo rollBack(@PathVariable String name, @RequestBody(required = false) @Nullable Command command) {
        releases.rollBack(name, given(command).toVersion(), given(command).because());
        return new RolledBackTo(
                name,
                schema.jdbc()
                        .sql("select version from registry.version where model = ? and stage = 'LIVE'")
                        .param(name)
                        .query(Integer.class)
                        .single());
    }

    private static Command given(@Nullable Command command) {
        return command == null ? Command.EMPTY : command;
    }

    private RolloutView newest(String model) {
        return rollouts(model, new PageRequest(0, 1)).getFirst();
    }

    private List<RolloutView> rollouts(String model, PageRequest page) {
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
                .query(RolloutEndpoint::view)
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
