package dev.perennial.scorer.candidate;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.scorer.duplicate.Signature;
import dev.perennial.scorer.quality.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table of samples. Every write is one statement for a whole batch. */
final class SampleStore {
    private static final JsonMapper JSON = SpecReader.storedMapper();
    private static final TypeReference<Map<String, Double>> SCORES = new TypeReference<>() {};
    private static final TypeReference<List<String>> REASONS = new TypeReference<>() {};

    private final ServiceSchema schema;

    SampleStore(ServiceSchema schema) {
        this.schema = schema;
    }

    /** What of an accepted sample decides about later ones. */
    record Admitted(long place, boolean isReal, String contentHash, Signature signature) {}

    Map<String, StoredSample> find(Collection<String> sampleIds) {
        return schema
                .jdbc()
                .sql("select * from scorer.sample where sample_id = any(?)")
                .param(sampleIds.toArray(String[]::new))
                .query(SampleStore::row)
                .stream()
                .collect(Collectors.toMap(StoredSample::sampleId, Function.identity()));
    }

    /** A model's accepted samples after a place, in their order. */
    void admittedAfter(String model, long place, Consumer<Admitted> each) {
        schema
                .jdbc()
                .sql("""
                        select admitted, source, content_hash, signature from scorer.sample
                        where model = ? and admitted > ? order by admitted
                        """)
                .params(model, place)
                .query((row, number) -> new Admitted(
                        row.getLong("admitted"),
                        row.getString("source").equals(SampleSource.REAL.name()),
                        row.getString("content_hash"),
                        Signature.fromBytes(row.getBytes("signature"))))
                .stream()
                .forEach(each);
    }

    /** Pending samples in the order of their arrival. */
    List<StoredSample> pending(String model, String generationId, int limit) {
        return schema.jdbc()
                .sql("""
                        select * from scorer.sample
                        where model = ? and coalesce(generation_id, '') = ? and state = 'PENDING'
                        order by position limit ?
                        """)
                .params(model, generationId, limit)
                .query(SampleStore::row)
                .list();
    }

    void insert(List<StoredSample> samples) {
        schema.jdbc()
                .sql("""
                        insert into scorer.sample (sample_id, model, source, generation_id, label, payload, provenance,
                            content_hash, signature, state, admitted, scores, reasons, scored_at)
                        select sample_id, model, source, generation_id, label, payload::json, provenance::json,
                            content_hash, signature, state, admitted, scores::json, reasons::json, ?
                        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                ?::text[], ?::bytea[], ?::text[], ?::bigint[], ?::text[], ?::text[])
                            with ordinality as row (sample_id, model, source, generation_id, label, payload, provenance,
                                content_hash, signature, state, admitted, scores, reasons, number)
                        order by number
                        """)
                .params(
                        Timestamp.from(samples.getFirst().scoredAt()),
                        texts(samples, StoredSample::sampleId),
                        texts(samples, StoredSample::model),
                        texts(samples, sample -> sample.source().name()),
                        texts(samples, StoredSample::generationId),
                        texts(samples, sample -> sample.payload().label()),
                        texts(samples, sample -> JSON.writeValueAsString(sample.payload())),
                        texts(samples, sample -> JSON.writeValueAsString(sample.provenance())),
                        texts(samples, StoredSample::contentHash),
                        samples.stream()
                                .map(sample -> sample.signature().toBytes())
                                .toArray(byte[][]::new),
                        texts(samples, sample -> sample.state().name()),
                        samples.stream().map(StoredSample::admitted).toArray(Long[]::new),
                        texts(samples, SampleStore::scores),
                        texts(samples, SampleStore::reasons))
                .update();
    }

    /** Stores the verdicts on pending samples. */
    void judge(List<StoredSample> samples) {
        schema.jdbc()
                .sql("""
                        update scorer.sample sample
                        set state = verdict.state, admitted = verdict.admitted, scores = verdict.scores::json,
                            reasons = verdict.reasons::json, scored_at = ?
                        from unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[])
                            as verdict (sample_id, state, admitted, scores, reasons)
                        where sample.sample_id = verdict.sample_id and sample.state = 'PENDING'
                        """)
                .params(
                        Timestamp.from(samples.getFirst().scoredAt()),
                        texts(samples, StoredSample::sampleId),
                        texts(samples, sample -> sample.state().name()),
                        samples.stream().map(StoredSample::admitted).toArray(Long[]::new),
                        texts(samples, SampleStore::scores),
                        texts(samples, SampleStore::reasons))
                .update();
    }

    private static String scores(StoredSample sample) {
        return JSON.writeValueAsString(sample.verdict().scores());
    }

    private static String reasons(StoredSample sample) {
        return JSON.writeValueAsString(sample.verdict().reasons());
    }

    private static @Nullable String[] texts(
            List<StoredSample> samples, Function<StoredSample, @Nullable String> field) {
        return samples.stream().map(field).toArray(String[]::new);
    }

    private static StoredSample row(ResultSet row, int number) throws SQLException {
        long admitted = row.getLong("admitted");
        boolean isAdmitted = !row.wasNull();
        Instant scoredAt = row.getTimestamp("scored_at").toInstant();
        return new StoredSample(
                row.getString("sample_id"),
                row.getString("model"),
                SampleSource.valueOf(row.getString("source")),
                row.getString("generation_id"),
                JSON.readValue(row.getString("payload"), LabelledText.class),
                JSON.readValue(row.getString("provenance"), Provenance.class),
                row.getString("content_hash"),
                Signature.fromBytes(row.getBytes("signature")),
                State.valueOf(row.getString("state")),
                isAdmitted ? admitted : null,
                new Verdict(
                        JSON.readValue(row.getString("scores"), SCORES),
                        JSON.readValue(row.getString("reasons"), REASONS)),
                scoredAt);
    }
}
