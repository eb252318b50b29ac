package dev.perennial.scheduler.round;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;

/** Wishes for rounds. Works in the caller's transaction. */
final class TriggerStore {
    private final ServiceSchema schema;

    TriggerStore(ServiceSchema schema) {
        this.schema = schema;
    }

    void add(Trigger trigger) {
        schema.jdbc()
                .sql("""
                        insert into scheduler.round_trigger
                            (trigger_id, model, cause, reason, drift_version, samples_per_label, at)
                        values (?, ?, ?, ?, ?, ?::jsonb, ?) on conflict do nothing
                        """)
                .param(trigger.id())
                .param(trigger.model())
                .param(trigger.cause().name())
                .param(trigger.reason())
                .param(trigger.driftVersion())
                .param(SpecReader.storedMapper().writeValueAsString(trigger.samplesPerLabel()))
                .param(Timestamp.from(trigger.at()))
                .update();
    }

    /** Oldest first. */
    List<Trigger> waiting(String model) {
        return schema.jdbc()
                .sql(
                        "select * from scheduler.round_trigger where model = ? and state = 'WAITING' order by at, trigger_id")
                .param(model)
                .query(TriggerStore::read)
                .list();
    }

    List<String> modelsWithWaiting() {
        return schema.jdbc()
                .sql("select distinct model from scheduler.round_trigger where state = 'WAITING' order by model")
                .query((row, number) -> row.getString(1))
                .list();
    }

    void started(String id, int round) {
        schema.jdbc()
                .sql("update scheduler.round_trigger set state = 'STARTED', round = ? where trigger_id = ?")
                .params(round, id)
                .update();
    }

    void obsolete(String id) {
        schema.jdbc()
                .sql("update scheduler.round_trigger set state = 'OBSOLETE' where trigger_id = ?")
                .param(id)
                .update();
    }

    private static Trigger read(ResultSet row, int number) throws SQLException {
        return new Trigger(
                row.getString("trigger_id"),
                row.getString("model"),
                Cause.valueOf(row.getString("cause")),
                row.getString("reason"),
                row.getObject("drift_version", Integer.class),
                RoundRow.counts(row.getString("samples_per_label")),
                row.getTimestamp("at").toInstant());
    }
}
