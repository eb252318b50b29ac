package dev.perennial.scheduler.queue;

import dev.perennial.common.database.ServiceSchema;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who trains and who waits, over HTTP. */
@RestController
final class QueueEndpoint {
    private final ServiceSchema schedulerSchema;

    QueueEndpoint(ServiceSchema schedulerSchema) {
        this.schedulerSchema = schedulerSchema;
    }

    /** A slot; free when it has no run. */
    record SlotView(
            String slot,
            @Nullable String runId,
            @Nullable String model,
            @Nullable Integer round,
            @Nullable Instant since) {}

    /** A round that waits for a slot. */
    record QueuedView(String model, int round, int priority, Instant since) {}

    /**
     * The training queue.
     *
     * @param queued the next one first
     */
    record QueueView(List<SlotView> slots, List<QueuedView> queued) {}

    @GetMapping("/api/queue")
    QueueView queue() {
        return new QueueView(
                schedulerSchema
                        .jdbc()
                        .sql("""
                                select slot.slot, slot.run_id, model, round, slot.since
                                from scheduler.slot as slot left join scheduler.round as round using (run_id)
                                order by slot.slot
                                """)
                        .query((row, number) -> new SlotView(
                                row.getString("slot"),
                                row.getString("run_id"),
                                row.getString("model"),
                                row.getObject("round", Integer.class),
                                instant(row.getTimestamp("since"))))
                        .list(),
                schedulerSchema
                        .jdbc()
                        .sql("""
                                select model, round, priority, since from scheduler.round where state = 'QUEUED'
                                order by priority desc, since, model
                                """)
                        .query((row, number) -> new QueuedView(
                                row.getString("model"),
                                row.getInt("round"),
                                row.getInt("priority"),
                                row.getTimestamp("since").toInstant()))
                        .list());
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
