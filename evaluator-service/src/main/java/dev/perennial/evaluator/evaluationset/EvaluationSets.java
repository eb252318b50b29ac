package dev.perennial.evaluator.evaluationset;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.text.ContentHash;
import dev.perennial.lora.LabelledText;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The stored evaluation sets. Thread-safe. */
public final class EvaluationSets {
    /** Hashes that one event tells, so that it stays well below the broker's message limit. */
    private static final int HASHES_PER_EVENT = 2_000;

    private final ServiceSchema schema;
    private final Outbox outbox;
    private final Clock clock;

    EvaluationSets(ServiceSchema schema, Outbox outbox, Clock clock) {
        this.schema = schema;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** A set in a list. */
    record Summary(String set, int version, int samples, String contentSha256, Instant declared) {}

    /** The newest version of a set. */
    public Optional<EvaluationSet> newest(String model, String set) {
        return newestRow(model, set)
                .map(row -> new EvaluationSet(model, set, row.version(), row.contentSha256(), texts(row.id())));
    }

    /**
     * Makes these texts the set's newest version and tells their hashes, in one transaction. The same content again
     * changes nothing.
     *
     * @return whether it was new
     */
    boolean declare(String model, String set, List<LabelledText> texts) {
        String content = digest(texts);
        return Objects.requireNonNull(schema.transactions().execute(status -> {
            lock(model, set);
            Optional<Row> newest = newestRow(model, set);
            if (newest.isPresent() && newest.get().contentSha256().equals(content)) {
                return false;
            }
            int version = newest.map(Row::version).orElse(0) + 1;
            List<String> hashes =
                    texts.stream().map(text -> ContentHash.of(text.text())).toList();
            insert(model, set, version, content, texts, hashes);
            tell(model, set, version, hashes);
            return true;
        }));
    }

    /** The newest version of each set, by name. */
    Page<Summary> list(String model, PageRequest page) {
        List<Summary> items = jdbc().sql("""
                        select distinct on (name) name, version, samples, content_sha256, declared
                        from evaluator.evaluation_set where model = ?
                        order by name, version desc limit ? offset ?
                        """)
                .params(model, page.size(), page.offset())
                .query((row, number) -> new Summary(
                        row.getString("name"),
                        row.getInt("version"),
                        row.getInt("samples"),
                        row.getString("content_sha256"),
                        row.getTimestamp("declared").toInstant()))
                .list();
        long total = jdbc().sql("select count(distinct name) from evaluator.evaluation_set where model = ?")
                .param(model)
                .query(Long.class)
                .single();
        return page.of(items, total);
    }

    private record Row(long id, int version, String contentSha256) {}

    /** Two uploads of one set wait for each other, also while the set has no row yet. */
    private void lock(String model, String set) {
        jdbc().sql("select pg_advisory_xact_lock(hashtext(?))")
                .param("evaluation-set " + model + "/" + set)
                .query()
                .listOfRows();
    }

    private Optional<Row> newestRow(String model, String set) {
        return jdbc().sql("""
                        select id, version, content_sha256 from evaluator.evaluation_set
                        where model = ? and name = ? order by version desc limit 1
                        """)
                .params(model, set)
                .query((row, number) ->
                        new Row(row.getLong("id"), row.getInt("version"), row.getString("content_sha256")))
                .optional();
    }

    private List<LabelledText> texts(long setId) {
        return jdbc().sql("select text, label from evaluator.evaluation_text where set_id = ? order by position")
                .param(setId)
                .query((row, number) -> new LabelledText(row.getString("text"), row.getString("label")))
                .list();
    }

    private void insert(
            String model, String set, int version, String content, List<LabelledText> texts, List<String> hashes) {
        long id = jdbc().sql("""
                        insert into evaluator.evaluation_set (model, name, version, content_sha256, samples, declared)
                        values (?, ?, ?, ?, ?, ?) returning id
                        """)
                .params(model, set, version, content, texts.size(), Timestamp.from(clock.instant()))
                .query(Long.class)
                .single();
        jdbc().sql("""
                        insert into evaluator.evaluation_text (set_id, position, text, label, content_hash)
                        select ?, row.position, row.text, row.label, row.content_hash
                        from unnest(?, ?, ?) with ordinality as row (text, label, content_hash, position)
                        """)
                .params(
                        id,
                        texts.stream().map(LabelledText::text).toArray(String[]::new),
                        texts.stream().map(LabelledText::label).toArray(String[]::new),
                        hashes.toArray(String[]::new))
                .update();
    }

    private void tell(String model, String set, int version, List<String> hashes) {
        int parts = (hashes.size() + HASHES_PER_EVENT - 1) / HASHES_PER_EVENT;
        for (int part = 0; part < parts; part++) {
            int from = part * HASHES_PER_EVENT;
            List<String> some = hashes.subList(from, Math.min(from + HASHES_PER_EVENT, hashes.size()));
            outbox.append(new Envelope<>(
                    EventIds.of("evaluation-set", model, set, version, part),
                    schema.name(),
                    clock.instant(),
                    model,
                    new EvaluationSetDeclared(model, set, part, parts, some)));
        }
    }

    private static String digest(List<LabelledText> texts) {
        StringBuilder content = new StringBuilder();
        texts.forEach(text ->
                content.append(text.text()).append('\0').append(text.label()).append('\0'));
        return ContentHash.sha256(content.toString());
    }

    private JdbcClient jdbc() {
        return schema.jdbc();
    }
}
