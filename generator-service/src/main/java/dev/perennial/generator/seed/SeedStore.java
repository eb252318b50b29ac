package dev.perennial.generator.seed;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.messaging.Envelope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps the newest accepted real samples of each label; a sample that is rejected later is forgotten. */
public final class SeedStore {
    private final ServiceSchema schema;
    private final JdbcClient jdbc;
    private final int perLabel;

    public SeedStore(ServiceSchema generatorSchema, int perLabel) {
        this.schema = generatorSchema;
        this.jdbc = generatorSchema.jdbc();
        this.perLabel = perLabel;
    }

    /** The seeds of a label, oldest first, so that a new one does not move the others. */
    public List<Seed> of(String model, String label) {
        return jdbc.sql("select sample_id, text from generator.seed where model = ? and label = ? order by arrival")
                .params(model, label)
                .query((row, number) -> new Seed(row.getString("sample_id"), row.getString("text")))
                .list();
    }

    /** The handler of scored samples. */
    public void handle(List<Envelope<SampleScored>> batch) {
        Map<String, SampleScored> last = new LinkedHashMap<>();
        for (Envelope<SampleScored> envelope : batch) {
            SampleScored scored = envelope.event();
            if (scored.source() == SampleSource.REAL && scored.payload() instanceof LabelledText) {
                last.remove(scored.sampleId());
                last.put(scored.sampleId(), scored);
            }
        }
        if (!last.isEmpty()) {
            schema.transactions().executeWithoutResult(status -> keep(last.values()));
        }
    }

    private void keep(Collection<SampleScored> scored) {
        List<SampleScored> accepted =
                scored.stream().filter(SampleScored::accepted).toList();
        jdbc.sql("delete from generator.seed where sample_id = any(?)")
                .param(column(
                        scored.stream().filter(sample -> !sample.accepted()).toList(), SampleScored::sampleId))
                .update();
        jdbc.sql("""
                        insert into generator.seed (sample_id, model, label, text)
                        select * from unnest(?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        column(accepted, SampleScored::sampleId),
                        column(accepted, SampleScored::model),
                        column(accepted, sample -> ((LabelledText) sample.payload()).label()),
                        column(accepted, sample -> sample.payload().text()))
                .update();
        jdbc.sql("""
                        delete from generator.seed where sample_id in (
                            select sample_id from (
                                select sample_id, row_number() over (partition by model, label order by arrival desc) age
                                from generator.seed where model = any(?)) aged
                            where age > ?)
                        """).params(column(accepted, SampleScored::model), perLabel).update();
    }

    private static String[] column(List<SampleScored> samples, Function<SampleScored, String> value) {
        return samples.stream().map(value).toArray(String[]::new);
    }
}
