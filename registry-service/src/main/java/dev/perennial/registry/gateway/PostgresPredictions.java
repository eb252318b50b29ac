package dev.perennial.registry.gateway;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.TrafficEvent.PredictionServed;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.registry.rollout.Observation;
import dev.perennial.registry.rollout.Releases;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The rows of given answers. */
final class PostgresPredictions implements PredictionStore {
    private final ServiceSchema schema;
    private final Outbox outbox;
    private final Releases releases;

    PostgresPredictions(ServiceSchema schema, Outbox outbox, Releases releases) {
        this.schema = schema;
        this.outbox = outbox;
        this.releases = releases;
    }

    @Override
    public void write(List<Traffic> batch) {
        List<Prediction> predictions = batch.stream()
                .flatMap(traffic -> traffic.predictions().stream())
                .toList();
        List<Observation> observations = batch.stream()
                .flatMap(traffic -> traffic.observations().stream())
                .toList();
        schema.transactions().executeWithoutResult(status -> {
            insert(predictions);
            outbox.append(predictions.stream().map(this::served).toList());
            releases.observe(observations);
        });
    }

    private Envelope<PredictionServed> served(Prediction given) {
        return new Envelope<>(
                EventIds.of("prediction", given.requestId()),
                schema.name(),
                given.at(),
                given.requestId(),
                new PredictionServed(
                        given.requestId(),
                        given.model(),
                        given.version(),
                        given.label(),
                        given.confidence(),
                        given.latency(),
                        given.at()));
    }

    private void insert(List<Prediction> predictions) {
        schema.jdbc()
                .sql("""
                        insert into registry.prediction
                            (request_id, model, version, label, confidence, key_hash, latency_micros, at)
                        select * from unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::float8[], ?::bigint[],
                            ?::bigint[], ?::text[]::timestamptz[])
                        on conflict (request_id) do nothing
                        """)
                .params(
                        column(predictions, Prediction::requestId, String[]::new),
                        column(predictions, Prediction::model, String[]::new),
                        column(predictions, Prediction::version, Integer[]::new),
                        column(predictions, Prediction::label, String[]::new),
                        column(predictions, Prediction::confidence, Double[]::new),
                        column(predictions, Prediction::keyHash, Long[]::new),
                        column(predictions, given -> given.latency().toNanos() / 1000, Long[]::new),
                        column(predictions, given -> given.at().toString(), String[]::new))
                .update();
    }

    private static <T> T[] column(List<Prediction> rows, Function<Prediction, T> field, IntFunction<T[]> array) {
        return rows.stream().map(field).toArray(array);
    }

    @Override
    public List<Prediction> find(Collection<String> requestIds) {
        return schema.jdbc()
                .sql("select * from registry.prediction where request_id = any (?)")
                .param(requestIds.toArray(String[]::new))
                .query(PostgresPredictions::prediction)
                .list();
    }

    private static Prediction prediction(ResultSet row, int number) throws SQLException {
        return new Prediction(
                row.getString("request_id"),
                row.getString("model"),
                row.getInt("version"),
                row.getString("label"),
                row.getDouble("confidence"),
                row.getLong("key_hash"),
                Duration.of(row.getLong("latency_micros"), ChronoUnit.MICROS),
                row.getTimestamp("at").toInstant());
    }
}
