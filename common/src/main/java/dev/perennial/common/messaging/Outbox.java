package dev.perennial.common.messaging;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Events that have no Kafka input: written in the transaction that changes the state, relayed to Kafka afterwards. An
 * event whose transaction rolled back is never sent; one that was committed is sent at least once.
 */
public final class Outbox implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final int BATCH = 500;
    private static final long IDLE_MILLIS = 250;
    private static final long FAULT_MILLIS = 2_000;

    private final ServiceSchema schema;
    private final EventPublisher publisher;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread relay;

    public Outbox(ServiceSchema schema, EventPublisher publisher) {
        this.schema = schema;
        this.publisher = publisher;
    }

    private record Row(long id, ProducerRecord<String, byte[]> message) {}

    /**
     * Adds an event to the current transaction. Adding the same id twice adds it once.
     *
     * @throws IllegalStateException outside a transaction
     * @throws ProblemException when the event is larger than a broker takes: it would hold up every later one
     */
    public void append(Envelope<?> envelope) {
        append(List.of(envelope));
    }

    /** The same for many events, with one statement. */
    public void append(List<? extends Envelope<?>> envelopes) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("the outbox is written in the transaction that changes the state");
        }
        if (envelopes.isEmpty()) {
            return;
        }
        schema.jdbc()
                .sql(schema.sql("""
                        insert into $schema.outbox (event_id, family, type, key, time, value)
                        select event_id, family, type, key, time::timestamptz, value
                        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                            with ordinality as event (event_id, family, type, key, time, value, position)
                        order by position
                        on conflict (event_id) do nothing
                        """))
                .params(
                        texts(envelopes, Envelope::id),
                        texts(
                                envelopes,
                                envelope -> EventFamily.of(envelope.event()).name()),
                        texts(envelopes, envelope -> envelope.event().getClass().getSimpleName()),
                        texts(envelopes, Envelope::key),
                        texts(envelopes, envelope -> envelope.time().toString()),
                        envelopes.stream().map(CloudEvents::value).toArray(byte[][]::new))
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.release();
            }
        });
    }

    private static String[] texts(List<? extends Envelope<?>> envelopes, Function<Envelope<?>, String> field) {
        return envelopes.stream().map(field).toArray(String[]::new);
    }

    /**
     * Sends what is waiting, oldest first.
     *
     * @return how many were sent; 0 also while another instance is sending
     */
    int relay() {
        Integer sent = schema.transactions().execute(status -> {
            List<Row> rows = schema.jdbc()
                    .sql(schema.sql("""
                            with turn as materialized (select pg_try_advisory_xact_lock(hashtext('$schema.outbox')) as mine),
                            next as (
                                select id from $schema.outbox
                                where (select mine from turn)
                                order by id limit ? for update skip locked)
                            delete from $schema.outbox where id in (select id from next) returning *
                            """))
                    .param(BATCH)
                    .query(this::row)
                    .list();
            publisher.send(rows.stream()
                    .sorted(Comparator.comparingLong(Row::id))
                    .map(Row::message)
                    .toList());
            return rows.size();
        });
        return sent == null ? 0 : sent;
    }

    private Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getLong("id"),
                CloudEvents.write(
                        EventFamily.valueOf(row.getString("family")).topic(),
                        row.getString("event_id"),
                        row.getString("type"),
                        schema.name(),
                        row.getTimestamp("time").toInstant(),
                        row.getString("key"),
                        row.getBytes("value")));
    }

    private void run() {
        while (running) {
            boolean faulty = false;
            try {
                work.drainPermits();
                while (running && relay() == BATCH) {}
            } catch (RuntimeException e) {
                faulty = true;
                log.warn("outbox.retried schema={} fault={}", schema.name(), Faults.describe(e));
            }
            try {
                boolean signalled = work.tryAcquire(faulty ? FAULT_MILLIS : IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (signalled) {
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void start() {
        running = true;
        relay = Thread.ofPlatform().name(schema.name() + "-outbox").daemon().start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        work.release();
        Thread thread = relay;
        if (thread != null) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
