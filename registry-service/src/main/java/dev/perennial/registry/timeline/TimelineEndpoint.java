package dev.perennial.registry.timeline;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.registry.model.ChangeKind;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.Evidence;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The time line over HTTP. */
@RestController
public final class TimelineEndpoint {
    private final Models models;
    private final ServiceSchema schema;

    TimelineEndpoint(Models models, ServiceSchema registrySchema) {
        this.models = models;
        this.schema = registrySchema;
    }

    /** A change, with the traffic as it was right after it. */
    record Change(
            long sequence,
            Instant at,
            ChangeKind kind,
            @Nullable Integer version,
            @Nullable Integer percent,
            String reason,
            @Nullable Evidence evidence,
            int specVersion,
            @Nullable Integer live,
            @Nullable Integer canary,
            int canaryPercent) {}

    /** What had the traffic at a moment. */
    record TrafficAt(
            String model,
            Instant at,
            int specVersion,
            @Nullable Integer live,
            @Nullable Integer canary,
            int canaryPercent,
            @Nullable Change since) {}

    @GetMapping("/api/models/{name}/timeline")
    Page<Change> list(
            @PathVariable String name,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        models.require(name);
        PageRequest request = new PageRequest(page, size);
        long total = schema.jdbc()
                .sql("select count(*) from registry.change where model = ?")
                .param(name)
                .query(Long.class)
                .single();
        return request.of(
                schema.jdbc()
                        .sql("select * from registry.change where model = ? order by sequence desc limit ? offset ?")
                        .params(name, request.size(), request.offset())
                        .query(TimelineEndpoint::change)
                        .list(),
                total);
    }

    @GetMapping(path = "/api/models/{name}/timeline", params = "at")
    TrafficAt at(@PathVariable String name, @RequestParam String at) {
        models.require(name);
        Instant moment = instant(at);
        return schema.jdbc()
                .sql("select * from registry.change where model = ? and at <= ? order by sequence desc limit 1")
                .params(name, Timestamp.from(moment))
                .query(TimelineEndpoint::change)
                .optional()
                .map(change -> new TrafficAt(
                        name,
                        moment,
                        change.specVersion(),
                        change.live(),
                        change.canary(),
                        change.canaryPercent(),
                        change))
                .orElseGet(() -> new TrafficAt(name, moment, 0, null, null, 0, null));
    }

    private static Instant instant(String at) {
        try {
            return Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw ProblemException.badRequest(
                    "invalid-instant", "at must be an instant such as 2026-01-31T12:00:00Z, not '" + at + "'.");
        }
    }

    private static Change change(ResultSet row, int number) throws SQLException {
        String evidence = row.getString("evidence");
        return new Change(
                row.getLong("sequence"),
                row.getTimestamp("at").toInstant(),
                ChangeKind.valueOf(Objects.requireNonNull(row.getString("kind"))),
                row.getObject("version", Integer.class),
                row.getObject("percent", Integer.class),
                row.getString("reason"),
                evidence == null ? null : SpecReader.storedMapper().readValue(evidence, Evidence.class),
                row.getInt("spec_version"),
                row.getObject("live", Integer.class),
                row.getObject("canary", Integer.class),
                row.getInt("canary_percent"));
    }
}
