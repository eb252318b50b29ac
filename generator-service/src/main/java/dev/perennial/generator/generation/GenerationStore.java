package dev.perennial.generator.generation;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.Count;
import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.job.Lease;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Generation runs and how far they are. */
final class GenerationStore {
    private final JdbcClient jdbc;

    GenerationStore(ServiceSchema generatorSchema) {
        this.jdbc = generatorSchema.jdbc();
    }

    void add(GenerationRequested request, Instant at) {
        jdbc.sql("""
                        insert into generator.generation (generation_id, model, spec_version, reason, seed, wanted,
                            requested, requested_at, progressed_at)
                        values (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        request.generationId(),
                        request.model(),
                        request.specVersion(),
                        request.reason(),
                        request.seed(),
                        Column.write(request.samplesPerLabel()),
                        request.samplesPerLabel().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum(),
                        Timestamp.from(at),
                        Timestamp.from(at))
                .update();
    }

    Generation require(String generationId) {
        return jdbc.sql("select * from generator.generation where generation_id = ?")
                .param(generationId)
                .query(GenerationStore::generation)
                .single();
    }

    /** An attempt starts to work. */
    void begin(Lease lease, Brief brief, Instant now) {
        Settled settled = brief.settled();
        lease.inTransaction(() -> jdbc.sql("""
                        update generator.generation set status = 'running', message = null, template = ?,
                            template_version = ?, knowledge = ?::jsonb, provider = ?, llm = ?,
                            started_at = coalesce(started_at, ?), attempt_at = ?, attempt_done = calls_done
                        where generation_id = ?
                        """)
                .params(
                        settled.template(),
                        settled.templateVersion(),
                        Column.write(settled.knowledge()),
                        settled.provider(),
                        settled.llm(),
                        Timestamp.from(now),
                        Timestamp.from(now),
                        brief.generation().generationId())
                .update());
    }

    /** Says what stands in a run's way. */
    void note(Lease lease, String generationId, String message) {
        lease.inTransaction(() -> jdbc.sql("update generator.generation set message = ? where generation_id = ?")
                .params(message, generationId)
                .update());
    }

    /** Brings the figures of a run up to what its calls and candidates say; part of the caller's transaction. */
    void refresh(String generationId, Instant now) {
        jdbc.sql("""
                        update generator.generation g set
                            calls_total = c.total, calls_done = c.done, produced = k.produced,
                            published = k.published, rejected = r.rejected, tokens = l.tokens, cost = l.cost,
                            message = null, progressed_at = ?
                        from (select count(*) as total, count(*) filter (where done) as done
                              from generator.generation_call where generation_id = ?) c,
                             (select count(*) as produced, count(*) filter (where published) as published
                              from generator.candidate where generation_id = ?) k,
                             (select coalesce(sum(count), 0) as rejected
                              from generator.rejection where generation_id = ?) r,
                             (select coalesce(sum(prompt_tokens + completion_tokens), 0) as tokens,
                                  coalesce(sum(cost), 0) as cost
                              from generator.llm_call where generation_id = ?) l
                        where g.generation_id = ?
                        """)
                .params(Timestamp.from(now), generationId, generationId, generationId, generationId, generationId)
                .update();
    }

    /** Ends a run; part of the caller's transaction. */
    GenerationView end(String generationId, GenerationStatus status, String message, Instant now) {
        refresh(generationId, now);
        jdbc.sql("""
                        update generator.generation set status = ?, message = nullif(?, ''), finished_at = ?
                        where generation_id = ?
                        """)
                .params(status.wire(), message, Timestamp.from(now), generationId)
                .update();
        return view(generationId).orElseThrow();
    }

    Optional<GenerationView> view(String generationId) {
        return jdbc.sql("select * from generator.generation where generation_id = ?")
                .param(generationId)
                .query(this::viewed)
                .optional();
    }

    Page<GenerationView> list(String model, PageRequest page) {
        List<GenerationView> items = jdbc.sql("""
                        select * from generator.generation where model = ?
                        order by requested_at desc, generation_id limit ? offset ?
                        """)
                .params(model, page.size(), page.offset())
                .query(this::viewed)
                .list();
        return page.of(
                items,
                jdbc.sql("select count(*) from generator.generation where model = ?")
                        .param(model)
                        .query(Long.class)
                        .single());
    }

    private List<Count> rejected(String generationId) {
        return jdbc.sql("""
                        select reason, sum(count) as count from generator.rejection where generation_id = ?
                        group by reason order by count desc, reason
                        """)
                .param(generationId)
                .query((row, number) -> new Count(row.getString("reason"), row.getLong("count")))
                .list();
    }

    private GenerationView viewed(ResultSet row, int number) throws SQLException {
        String id = row.getString("generation_id");
        String template = row.getString("template");
        return new GenerationView(
                id,
                row.getString("model"),
                row.getInt("spec_version"),
                row.getString("reason"),
                GenerationStatus.of(row.getString("status")),
                row.getString("message"),
                template == null ? null : template + "@" + row.getInt("template_version"),
                row.getString("provider"),
                row.getString("llm"),
                Column.counts(row.getString("wanted")),
                row.getInt("requested"),
                row.getInt("produced"),
                row.getInt("published"),
                rejected(id),
                row.getInt("calls_total"),
                row.getInt("calls_done"),
                row.getLong("tokens"),
                row.getBigDecimal("cost"),
                row.getTimestamp("requested_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "attempt_at"),
                row.getInt("attempt_done"),
                row.getTimestamp("progressed_at").toInstant(),
                instant(row, "finished_at"));
    }

    private static Generation generation(ResultSet row, int number) throws SQLException {
        String template = row.getString("template");
        return new Generation(
                row.getString("generation_id"),
                row.getString("model"),
                row.getInt("spec_version"),
                row.getLong("seed"),
                Column.counts(row.getString("wanted")),
                template == null
                        ? null
                        : new Settled(
                                template,
                                row.getInt("template_version"),
                                Column.strings(row.getString("knowledge")),
                                row.getString("provider"),
                                row.getString("llm")),
                row.getTimestamp("progressed_at").toInstant());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }
}
