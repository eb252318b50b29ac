package dev.perennial.scorer.candidate;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.SpecReader;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Embeddings of accepted samples, kept so that a text is embedded once. */
final class EmbeddingStore {
    private final ServiceSchema schema;

    EmbeddingStore(ServiceSchema schema) {
        this.schema = schema;
    }

    /**
     * An accepted sample.
     *
     * @param embedding null when there is none of this encoder
     */
    @SuppressWarnings("ArrayRecordComponent") // read only
    record Accepted(
            String sampleId, long place, LabelledText payload, SampleSource source, float @Nullable [] embedding) {}

    /** A model's real samples, and its synthetic ones of some labels, accepted after a place; in their order. */
    List<Accepted> accepted(String model, Collection<String> labels, String encoder, long afterPlace) {
        return schema.jdbc()
                .sql("""
                        select sample.sample_id, admitted, payload, source, vector
                        from scorer.sample
                        left join scorer.embedding on embedding.sample_id = sample.sample_id and encoder = ?
                        where model = ? and admitted > ? and (source = 'REAL' or label = any(?))
                        order by admitted
                        """)
                .params(encoder, model, afterPlace, labels.toArray(String[]::new))
                .query((row, number) -> new Accepted(
                        row.getString("sample_id"),
                        row.getLong("admitted"),
                        SpecReader.storedMapper().readValue(row.getString("payload"), LabelledText.class),
                        SampleSource.valueOf(row.getString("source")),
                        vector(row.getBytes("vector"))))
                .list();
    }

    void save(List<String> sampleIds, List<float[]> embeddings, String encoder) {
        schema.jdbc()
                .sql("""
                        insert into scorer.embedding (sample_id, encoder, vector)
                        select sample_id, ?, vector from unnest(?::text[], ?::bytea[]) as row (sample_id, vector)
                        on conflict (sample_id) do update set encoder = excluded.encoder, vector = excluded.vector
                        """)
                .params(
                        encoder,
                        sampleIds.toArray(String[]::new),
                        embeddings.stream().map(EmbeddingStore::bytes).toArray(byte[][]::new))
                .update();
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private static float @Nullable [] vector(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(vector);
        return vector;
    }
}
