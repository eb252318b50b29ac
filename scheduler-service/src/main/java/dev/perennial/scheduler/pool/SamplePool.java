package dev.perennial.scheduler.pool;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.scheduler.mix.PoolSample;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The samples of all models. Every method works in the caller's transaction. */
public final class SamplePool {
    private final ServiceSchema schema;

    public SamplePool(ServiceSchema schema) {
        this.schema = schema;
    }

    /**
     * How many samples a model has.
     *
     * @param sinceSnapshot accepted ones that no snapshot has taken into account
     */
    public record Counts(String model, long real, long synthetic, long rejected, long sinceSnapshot) {}

    /** How many samples of a generation run were scored. */
    public record Arrivals(long accepted, long rejected) {
        public static final Arrivals NONE = new Arrivals(0, 0);

        public long total() {
            return accepted + rejected;
        }
    }

    /** How many accepted samples a label has. */
    public record LabelCount(String label, long real, long synthetic) {}

    /** Stores scored samples and counts those that are new, per model and per generation run. */
    public void add(List<SampleScored> samples) {
        schema.jdbc().sql("""
                        with stored as (
                            insert into scheduler.sample
                                (sample_id, model, source, accepted, generation_id, label, payload, content_hash, weight)
                            select sample_id, model, source, accepted, generation_id, label, payload::jsonb,
                                content_hash, weight
                            from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) as incoming
                                (sample_id, model, source, accepted, generation_id, label, payload, content_hash, weight)
                            on conflict do nothing
                            returning model, source, accepted, generation_id),
                        counted as (
                            insert into scheduler.pool as pool (model, real, synthetic, rejected)
                            select model, count(*) filter (where accepted and source = 'REAL'),
                                count(*) filter (where accepted and source = 'SYNTHETIC'),
                                count(*) filter (where not accepted)
                            from stored group by model order by model
                            on conflict (model) do update set real = pool.real + excluded.real,
                                synthetic = pool.synthetic + excluded.synthetic,
                                rejected = pool.rejected + excluded.rejected
                            returning model)
                        insert into scheduler.generation_arrival as arrival (generation_id, accepted, rejected)
                        select generation_id, count(*) filter (where accepted), count(*) filter (where not accepted)
                        from stored where generation_id is not null and (select count(*) from counted) > 0
                        group by generation_id order by generation_id
                        on conflict (generation_id) do update set accepted = arrival.accepted + excluded.accepted,
                            rejected = arrival.rejected + excluded.rejected, last_arrival = now()
                        """).params(SampleColumns.of(samples)).update();
    }

    /** Holds a model's pool for the rest of the transaction; whatever changes a round of the model does so first. */
    public Counts lock(String model) {
        schema.jdbc()
                .sql("insert into scheduler.pool (model) values (?) on conflict do nothing")
                .param(model)
                .update();
        return counts(model, " for update").orElseThrow();
    }

    public Optional<Counts> counts(String model) {
        return counts(model, "");
    }

    private Optional<Counts> counts(String model, String lock) {
        return schema.jdbc()
                .sql(
                        "select *, real + synthetic - snapshot_accepted as since_snapshot from scheduler.pool where model = ?"
                                + lock)
                .param(model)
                .query(SamplePool::counts)
                .optional();
    }

    /** Models with accepted samples that no snapshot has taken into account. */
    public List<String> changedModels() {
        return schema.jdbc()
                .sql("select model from scheduler.pool where real + synthetic > snapshot_accepted order by model")
                .query((row, number) -> row.getString(1))
                .list();
    }

    public List<LabelCount> labels(String model) {
        return schema.jdbc()
                .sql("""
                        select label, count(*) filter (where source = 'REAL') as real,
                            count(*) filter (where source = 'SYNTHETIC') as synthetic
                        from scheduler.sample where model = ? and accepted group by label order by label
                        """)
                .param(model)
                .query((row, number) ->
                        new LabelCount(row.getString("label"), row.getLong("real"), row.getLong("synthetic")))
                .list();
    }

    /** What of a generation run has arrived. */
    public Arrivals arrivals(String generationId) {
        return schema.jdbc()
                .sql("select accepted, rejected from scheduler.generation_arrival where generation_id = ?")
                .param(generationId)
                .query(Arrivals.class)
                .optional()
                .orElse(Arrivals.NONE);
    }

    /** The same, and no sample of the run is counted before the transaction ends. */
    public Arrivals lockArrivals(String generationId) {
        schema.jdbc()
                .sql("insert into scheduler.generation_arrival (generation_id) values (?) on conflict do nothing")
                .param(generationId)
                .update();
        return schema.jdbc()
                .sql("select accepted, rejected from scheduler.generation_arrival where generation_id = ? for update")
                .param(generationId)
                .query(Arrivals.class)
                .single();
    }

    /** Marks what is in the pool and in no snapshot yet as this round's. */
    public void claim(String model, int round) {
        schema.jdbc()
                .sql("update scheduler.pool set snapshot_accepted = real + synthetic where model = ?")
                .param(model)
                .update();
        schema.jdbc()
                .sql("update scheduler.sample set round = ? where model = ? and accepted and round is null")
                .params(round, model)
                .update();
    }

    /** All that a round may train on: accepted, taken by it or an earlier one, and in no evaluation set. */
    public List<PoolSample> trainable(String model, int round) {
        return schema.jdbc()
                .sql("""
                        select sample_id, payload, content_hash, source, weight, round = ? as fresh
                        from scheduler.sample as sample
                        where model = ? and accepted and round <= ? and not exists (
                            select 1 from scheduler.held_out as held
                            where held.model = sample.model and held.content_hash = sample.content_hash)
                        """)
                .params(round, model, round)
                .query(SamplePool::trainable)
                .list();
    }

    /** Keeps the texts of a set out of training. A set that is declared again replaces what it was, part by part. */
    public void holdOut(EvaluationSetDeclared set) {
        schema.jdbc()
                .sql("""
                        delete from scheduler.held_out
                        where model = ? and evaluation_set = ? and (part = ? or part >= ?)
                        """)
                .params(set.model(), set.set(), set.part(), set.parts())
                .update();
        schema.jdbc()
                .sql("""
                        insert into scheduler.held_out (model, evaluation_set, part, content_hash)
                        select distinct ?, ?, ?, hash from unnest(?::text[]) hash
                        """)
                .params(set.model(), set.set(), set.part(), set.contentHashes().toArray(String[]::new))
                .update();
    }

    private static Counts counts(ResultSet row, int number) throws SQLException {
        return new Counts(
                row.getString("model"),
                row.getLong("real"),
                row.getLong("synthetic"),
                row.getLong("rejected"),
                row.getLong("since_snapshot"));
    }

    private static PoolSample trainable(ResultSet row, int number) throws SQLException {
        SamplePayload payload = SpecReader.storedMapper().readValue(row.getString("payload"), SamplePayload.class);
        return switch (payload) {
            case SamplePayload.LabelledText text ->
                new PoolSample(
                        row.getString("sample_id"),
                        text.text(),
                        text.label(),
                        row.getString("content_hash"),
                        SampleSource.valueOf(row.getString("source")),
                        row.getDouble("weight"),
                        row.getBoolean("fresh"));
        };
    }

    static @Nullable String label(SamplePayload payload) {
        return switch (payload) {
            case SamplePayload.LabelledText text -> text.label();
        };
    }
}
