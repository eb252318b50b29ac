package dev.perennial.scorer.sample;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.Count;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.scorer.candidate.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads samples for people. */
final class Samples {
    private static final JsonMapper JSON = SpecReader.storedMapper();
    private static final TypeReference<Map<String, Double>> SCORES = new TypeReference<>() {};
    private static final TypeReference<List<String>> REASONS = new TypeReference<>() {};

    private final ServiceSchema schema;

    Samples(ServiceSchema schema) {
        this.schema = schema;
    }

    /** In the order of their arrival. */
    Page<SampleView> list(String model, SampleQuery query, PageRequest page) {
        StringBuilder where = new StringBuilder("where model = ?");
        List<Object> parameters = new ArrayList<>(List.of(model));
        if (query.verdict() != null) {
            where.append(" and state = ?");
            parameters.add(query.verdict().name());
        }
        if (query.source() != null) {
            where.append(" and source = ?");
            parameters.add(query.source().name());
        }
        if (query.label() != null) {
            where.append(" and label = ?");
            parameters.add(query.label());
        }
        if (query.generationId() != null) {
            where.append(" and generation_id = ?");
            parameters.add(query.generationId());
        }
        long total = statement("select count(*) from scorer.sample " + where, parameters)
                .query(Long.class)
                .single();
        parameters.add(page.size());
        parameters.add(page.offset());
        return page.of(
                statement("select * from scorer.sample " + where + " order by position limit ? offset ?", parameters)
                        .query(Samples::view)
                        .list(),
                total);
    }

    private JdbcClient.StatementSpec statement(String sql, List<Object> parameters) {
        return schema.jdbc().sql(sql).params(parameters);
    }

    SampleSummary summary(String model) {
        List<SampleSummary.LabelCount> labels = schema.jdbc()
                .sql("""
                        select label, source,
                            coalesce(sum(samples) filter (where state = 'ACCEPTED'), 0) accepted,
                            coalesce(sum(samples) filter (where state = 'REJECTED'), 0) rejected
                        from scorer.sample_count where model = ? group by label, source order by label, source
                        """)
                .param(model)
                .query((row, number) -> new SampleSummary.LabelCount(
                        row.getString("label"),
                        SampleSource.valueOf(row.getString("source")),
                        row.getLong("accepted"),
                        row.getLong("rejected")))
                .list();
        return new SampleSummary(
                model,
                labels.stream().mapToLong(SampleSummary.LabelCount::accepted).sum(),
                labels.stream().mapToLong(SampleSummary.LabelCount::rejected).sum(),
                pending(model),
                labels,
                reasons(model));
    }

    private long pending(String model) {
        return schema.jdbc()
                .sql("select count(*) from scorer.sample where model = ? and state = 'PENDING'")
                .param(model)
                .query(Long.class)
                .single();
    }

    private List<Count> reasons(String model) {
        return schema.jdbc()
                .sql("""
                        select reason, sum(samples) samples from scorer.sample_count
                        where model = ? and reason <> '' group by reason order by samples desc, reason
                        """)
                .param(model)
                .query((row, number) -> new Count(row.getString("reason"), row.getLong("samples")))
                .list();
    }

    private static SampleView view(ResultSet row, int number) throws SQLException {
        LabelledText payload = JSON.readValue(row.getString("payload"), LabelledText.class);
        return new SampleView(
                row.getString("sample_id"),
                payload.text(),
                payload.label(),
                SampleSource.valueOf(row.getString("source")),
                row.getString("generation_id"),
                State.valueOf(row.getString("state")),
                JSON.readValue(row.getString("scores"), SCORES),
                JSON.readValue(row.getString("reasons"), REASONS),
                JSON.readValue(row.getString("provenance"), Provenance.class),
                row.getTimestamp("scored_at").toInstant());
    }
}
