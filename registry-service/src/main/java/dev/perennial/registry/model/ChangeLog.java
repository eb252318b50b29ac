package dev.perennial.registry.model;

import dev.perennial.common.database.ServiceSchema;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SqlParameterValue;

/** Writes the time line, in the transaction that makes the change. */
public final class ChangeLog {
    private final ServiceSchema schema;
    private final Clock clock;

    public ChangeLog(ServiceSchema schema, Clock clock) {
        this.schema = schema;
        this.clock = clock;
    }

    /**
     * One line.
     *
     * @param version the version it is about, if it is about one
     * @param percent that version's share of the traffic afterwards
     * @param evidence JSON of what led to it
     */
    public record Line(
            String model,
            ChangeKind kind,
            @Nullable Integer version,
            @Nullable Integer percent,
            String reason,
            @Nullable String evidence) {
        public static Line of(String model, ChangeKind kind, @Nullable Integer version, String reason) {
            return new Line(model, kind, version, null, reason, null);
        }
    }

    /** Adds a line with the traffic as it is at that point of the transaction; the model's row must be locked. */
    public void append(Line line) {
        schema.jdbc()
                .sql("""
                        with counted as (
                            update registry.model set sequence = sequence + 1 where name = ?
                            returning name, sequence, spec_version)
                        insert into registry.change (model, sequence, at, kind, version, percent, reason, evidence,
                            spec_version, live, canary, canary_percent)
                        select name, sequence, ?, ?, ?, ?, ?, ?::jsonb, spec_version,
                            (select version from registry.version where model = name and stage = 'LIVE'),
                            (select version from registry.version where model = name and stage = 'CANARY'),
                            coalesce((select traffic_percent from registry.version
                                      where model = name and stage = 'CANARY'), 0)
                        from counted
                        """)
                .params(
                        line.model(),
                        Timestamp.from(clock.instant()),
                        line.kind().name(),
                        new SqlParameterValue(Types.INTEGER, line.version()),
                        new SqlParameterValue(Types.INTEGER, line.percent()),
                        line.reason(),
                        new SqlParameterValue(Types.VARCHAR, line.evidence()))
                .update();
    }
}
