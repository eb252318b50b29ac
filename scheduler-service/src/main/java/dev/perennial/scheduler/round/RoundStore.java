package dev.perennial.scheduler.round;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.spec.SpecReader;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rounds' rows. A row keeps what earlier states knew, for lineage. Works in the caller's transaction. */
final class RoundStore {
    private final ServiceSchema schema;

    RoundStore(ServiceSchema schema) {
        this.schema = schema;
    }

    /** Adds a round that was just opened. */
    void create(Round round, Instant at) {
        RoundHead head = round.head();
        schema.jdbc()
                .sql("""
                        insert into scheduler.round (model, round, state, opened, since, cause, reason, drift_version,
                            spec_version, spec, priority, seed)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
                        """)
                .param(head.model())
                .param(head.number())
                .param(state(round))
                .param(Timestamp.from(at))
                .param(Timestamp.from(at))
                .param(head.cause().name())
                .param(head.reason())
                .param(head.driftVersion())
                .param(head.specVersion())
                .param(SpecReader.write(head.spec()))
                .param(head.spec().scheduling().priority())
                .param(head.seed())
                .update();
        save(round, at);
    }

    void save(Round round, Instant at) {
        switch (round) {
            case Round.Generating r ->
                enter(
                        r,
                        at,
                        ", generation_id = ?, samples_per_label = ?::jsonb",
                        r.generationId(),
                        SpecReader.storedMapper().writeValueAsString(r.samplesPerLabel()));
            case Round.Collecting r ->
                enter(r, at, ", published = ?, generation_outcome = ?", r.published(), r.outcome());
            case Round.Assembling r -> enter(r, at, "");
            case Round.Queued r ->
                enter(
                        r,
                        at,
                        ", dataset_sha256 = ?, dataset_bytes = ?, dataset_samples = ?",
                        r.dataset().artifact().sha256(),
                        r.dataset().artifact().bytes(),
                        r.dataset().samples());
            case Round.Training r -> enter(r, at, ", run_id = ?", r.runId());
            case Round.Evaluating r -> enter(r, at, "");
            case Round.Finished r -> enter(r, at, ", report_id = ?, passed = ?", r.reportId(), r.passed());
            case Round.Failed r -> enter(r, at, ", failure = ?", r.reason());
        }
    }

    private void enter(Round round, Instant at, String columns, Object... values) {
        List<Object> parameters = new ArrayList<>(List.of(state(round), Timestamp.from(at)));
        parameters.addAll(List.of(values));
        parameters.add(round.head().model());
        parameters.add(round.head().number());
        schema.jdbc()
                .sql("update scheduler.round set state = ?, since = ?" + columns + " where model = ? and round = ?")
                .params(parameters)
                .update();
    }

    /** Tells where a run went and what it continues from; nothing that later transitions need. */
    void placed(RoundHead head, String slot, Optional<Integer> parentVersion) {
        schema.jdbc()
                .sql("update scheduler.round set slot = ?, parent_version = ? where model = ? and round = ?")
                .param(slot)
                .param(parentVersion.orElse(null))
                .param(head.model())
                .param(head.number())
                .update();
    }

    /** The model's round that has not ended. */
    Optional<Round> open(String model) {
        return one("model = ? and state not in ('FINISHED', 'FAILED')", model);
    }

    Optional<Round> byGeneration(String generationId) {
        return one("generation_id = ?", generationId);
    }

    Optional<Round> byRun(String runId) {
        return one("run_id = ?", runId);
    }

    Optional<Round> find(String model, int number) {
        return one("model = ? and round = ?", model, number);
    }

    /** Those that wait for samples of these generation runs. */
    List<Round.Collecting> collecting(List<String> generationIds) {
        return schema
                .jdbc()
                .sql(
                        "select * from scheduler.round where state = 'COLLECTING' and generation_id = any(?) order by model")
                .param(generationIds.toArray(String[]::new))
                .query(RoundRow::read)
                .list()
                .stream()
                .map(Round.Collecting.class::cast)
                .toList();
    }

    /** Those that wait for samples and have seen none since then. */
    List<Round.Collecting> stuckSince(Instant then) {
        return schema
                .jdbc()
                .sql("""
                        select round.* from scheduler.round as round
                        left join scheduler.generation_arrival as arrival using (generation_id)
                        where state = 'COLLECTING' and since < ? and coalesce(last_arrival, since) < ? order by model
                        """)
                .params(Timestamp.from(then), Timestamp.from(then))
                .query(RoundRow::read)
                .list()
                .stream()
                .map(Round.Collecting.class::cast)
                .toList();
    }

    /** Those that wait for a slot, the next one first. */
    List<Round.Queued> queued(int limit) {
        return schema.jdbc().sql("""
                        select * from scheduler.round where state = 'QUEUED'
                        order by priority desc, since, model limit ? for update
                        """).param(limit).query(RoundRow::read).list().stream()
                .map(Round.Queued.class::cast)
                .toList();
    }

    int nextNumber(String model) {
        return schema.jdbc()
                .sql("select coalesce(max(round), 0) + 1 from scheduler.round where model = ?")
                .param(model)
                .query(Integer.class)
                .single();
    }

    /** When a round that a drift of this version caused last gave a candidate that passed the gate. */
    Optional<Instant> driftAnswered(String model, int version) {
        return schema.jdbc()
                .sql("""
                        select since from scheduler.round
                        where model = ? and drift_version = ? and state = 'FINISHED' and passed
                        order by round desc limit 1
                        """)
                .params(model, version)
                .query((row, number) -> row.getTimestamp("since").toInstant())
                .optional();
    }

    private Optional<Round> one(String where, Object... parameters) {
        return schema.jdbc()
                .sql("select * from scheduler.round where " + where)
                .params(parameters)
                .query(RoundRow::read)
                .optional();
    }

    static String state(Round round) {
        return round.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }
}
