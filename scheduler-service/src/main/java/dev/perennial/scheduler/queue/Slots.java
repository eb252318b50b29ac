package dev.perennial.scheduler.queue;

import dev.perennial.common.database.ServiceSchema;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;

/** The slots that training runs take turns on, shared by all instances. Works in the caller's transaction. */
public final class Slots {
    private final ServiceSchema schema;
    private final List<String> names;

    /**
     * Makes the slots known.
     *
     * @param names all slots; a run may still hold another one that was configured before
     */
    public Slots(ServiceSchema schema, List<String> names) {
        this.schema = schema;
        this.names = List.copyOf(names);
        schema.jdbc()
                .sql("insert into scheduler.slot (slot) select * from unnest(?) on conflict do nothing")
                .param(names.toArray(String[]::new))
                .update();
    }

    /** Names of the free slots; no other transaction sees or changes slots until this one ends. */
    public List<String> lockFree() {
        lock();
        return schema.jdbc()
                .sql("select slot from scheduler.slot where run_id is null and slot = any(?) order by slot")
                .param(names.toArray(String[]::new))
                .query((row, number) -> row.getString(1))
                .list();
    }

    public void take(String slot, String runId, Instant at) {
        schema.jdbc()
                .sql("update scheduler.slot set run_id = ?, since = ? where slot = ? and run_id is null")
                .params(runId, Timestamp.from(at), slot)
                .update();
    }

    /** Frees the slot that a run holds, if it holds one. */
    public void free(String runId) {
        lock();
        schema.jdbc()
                .sql("update scheduler.slot set run_id = null, since = null where run_id = ?")
                .param(runId)
                .update();
    }

    /** All of them in one order, so that two transactions never wait for each other. */
    private void lock() {
        schema.jdbc()
                .sql("select slot from scheduler.slot order by slot for update")
                .query()
                .listOfRows();
    }
}
