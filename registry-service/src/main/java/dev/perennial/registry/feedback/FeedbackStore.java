package dev.perennial.registry.feedback;

import dev.perennial.common.database.ServiceSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The judgements' rows. */
final class FeedbackStore {
    private final ServiceSchema schema;

    FeedbackStore(ServiceSchema schema) {
        this.schema = schema;
    }

    /**
     * Adds those on answers that nobody has judged yet.
     *
     * @return the request ids of those added
     */
    Set<String> add(List<Judgement> judgements) {
        return new HashSet<>(schema.jdbc()
                .sql("""
                        insert into registry.feedback (feedback_id, request_id, model, version, predicted_label,
                            correct_label, rating, correct, at)
                        select * from unnest(?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[],
                            ?::float8[], ?::bool[], ?::text[]::timestamptz[])
                        on conflict (request_id) do nothing
                        returning request_id
                        """)
                .params(
                        column(judgements, Judgement::feedbackId, String[]::new),
                        column(judgements, judgement -> judgement.given().requestId(), String[]::new),
                        column(judgements, judgement -> judgement.given().model(), String[]::new),
                        column(judgements, judgement -> judgement.given().version(), Integer[]::new),
                        column(judgements, judgement -> judgement.given().label(), String[]::new),
                        judgements.stream()
                                .map(judgement -> judgement.opinion().label())
                                .toArray(String[]::new),
                        judgements.stream()
                                .map(judgement -> judgement.opinion().rating())
                                .toArray(Double[]::new),
                        column(judgements, Judgement::correct, Boolean[]::new),
                        column(judgements, judgement -> judgement.at().toString(), String[]::new))
                .query((row, number) -> row.getString("request_id"))
                .list());
    }

    private static <T> T[] column(List<Judgement> rows, Function<Judgement, T> field, IntFunction<T[]> array) {
        return rows.stream().map(field).toArray(array);
    }

    /** What was said before, by request id. */
    Map<String, Opinion> find(List<String> requestIds) {
        Map<String, Opinion> opinions = new TreeMap<>();
        schema.jdbc()
                .sql("select request_id, correct_label, rating from registry.feedback where request_id = any (?)")
                .param(requestIds.toArray(String[]::new))
                .query(row -> {
                    opinions.put(
                            row.getString("request_id"),
                            new Opinion(
                                    row.getString("request_id"),
                                    row.getString("correct_label"),
                                    row.getObject("rating", Double.class)));
                });
        return opinions;
    }
}
