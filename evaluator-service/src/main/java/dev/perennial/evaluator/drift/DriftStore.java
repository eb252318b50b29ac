package dev.perennial.evaluator.drift;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.LabelErrors;
import dev.perennial.common.page.Page;
import dev.perennial.common.page.PageRequest;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.SqlParameterValue;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Watches, counted feedback and alarms in the database. */
final class DriftStore {
    private final ServiceSchema schema;

    DriftStore(ServiceSchema schema) {
        this.schema = schema;
    }

    Optional<Watch> find(String model) {
        return watch(model, "");
    }

    /**
     * The watch of a model, held until the transaction ends.
     *
     * @param liveVersion watched from now on if there was no watch
     */
    Watch hold(String model, int liveVersion) {
        Watch fresh = Watch.begin(model, liveVersion);
        jdbc().sql("""
                        insert into evaluator.drift_watch (model, version, epoch) values (?, ?, ?)
                        on conflict (model) do nothing
                        """).params(model, liveVersion, fresh.epoch()).update();
        return watch(model, " for update").orElseThrow();
    }

    void save(Watch watch) {
        Watch.Suspicion suspicion = watch.suspicion();
        jdbc().sql("""
                        update evaluator.drift_watch
                        set version = ?, epoch = ?, samples = ?, state = ?, suspected_from = ?, suspected_before = ?,
                            alarm_at = ?
                        where model = ?
                        """)
                .params(
                        watch.version(),
                        watch.epoch(),
                        watch.samples(),
                        new SqlParameterValue(Types.VARCHAR, watch.state()),
                        new SqlParameterValue(Types.INTEGER, suspicion == null ? null : suspicion.from()),
                        new SqlParameterValue(Types.DOUBLE, suspicion == null ? null : suspicion.before()),
                        new SqlParameterValue(Types.INTEGER, watch.alarm()),
                        watch.model())
                .update();
    }

    /** Which of these were counted before. */
    Set<String> counted(Collection<String> feedbackIds) {
        return new HashSet<>(jdbc().sql("select feedback_id from evaluator.drift_feedback where feedback_id = any(?)")
                .param(feedbackIds.toArray(String[]::new))
                .query(String.class)
                .list());
    }

    /** Records answers as counted, the first at the watch's next position. */
    void count(Watch watch, List<Answered> answers) {
        jdbc().sql("""
                        insert into evaluator.drift_feedback
                            (feedback_id, model, epoch, position, true_label, correct, at)
                        select row.feedback_id, ?, ?, row.position, row.true_label, row.correct, row.at
                        from unnest(?, ?, ?, ?, ?) as row (feedback_id, position, true_label, correct, at)
                        """)
                .params(
                        watch.model(),
                        watch.epoch(),
                        answers.stream().map(Answered::feedbackId).toArray(String[]::new),
                        IntStream.range(0, answers.size())
                                .mapToObj(i -> watch.samples() + i)
                                .toArray(Integer[]::new),
                        answers.stream().map(Answered::trueLabel).toArray(String[]::new),
                        answers.stream().map(Answered::correct).toArray(Boolean[]::new),
                        answers.stream()
                                .map(answer -> Timestamp.from(answer.at()))
                                .toArray(Timestamp[]::new))
                .update();
    }

    /** Per true label, the answers of an epoch up to and after a position. */
    List<BadLabels.Counts> labels(Watch watch, int firstRecent, int lastRecent) {
        return jdbc().sql("""
                        select true_label,
                            count(*) filter (where position < :first and not correct) as errors_before,
                            count(*) filter (where position < :first) as total_before,
                            count(*) filter (where position >= :first and not correct) as errors_recent,
                            count(*) filter (where position >= :first) as total_recent
                        from evaluator.drift_feedback
                        where model = :model and epoch = :epoch and position <= :last and true_label is not null
                        group by true_label
                        """)
                .param("first", firstRecent)
                .param("last", lastRecent)
                .param("model", watch.model())
                .param("epoch", watch.epoch())
                .query((row, number) -> {
                    String label = row.getString("true_label");
                    return new BadLabels.Counts(
                            new LabelErrors(label, row.getInt("errors_before"), row.getInt("total_before")),
                            new LabelErrors(label, row.getInt("errors_recent"), row.getInt("total_recent")));
                })
                .list();
    }

    void add(DriftDetected alarm) {
        jdbc().sql("""
                        insert into evaluator.drift_alarm (drift_id, model, version, at, evidence)
                        values (?, ?, ?, ?, ?::jsonb)
                        """)
                .params(
                        alarm.driftId(),
                        alarm.model(),
                        alarm.version(),
                        Timestamp.from(alarm.at()),
                        SpecReader.storedMapper().writeValueAsString(alarm))
                .update();
    }

    /** Newest first. */
    Page<DriftDetected> alarms(String model, PageRequest page) {
        List<DriftDetected> items = jdbc().sql("""
                        select evidence from evaluator.drift_alarm where model = ?
                        order by at desc, drift_id limit ? offset ?
                        """)
                .params(model, page.size(), page.offset())
                .query((row, number) ->
                        SpecReader.storedMapper().readValue(row.getString("evidence"), DriftDetected.class))
                .list();
        long total = jdbc().sql("select count(*) from evaluator.drift_alarm where model = ?")
                .param(model)
                .query(Long.class)
                .single();
        return page.of(items, total);
    }

    private Optional<Watch> watch(String model, String lock) {
        return jdbc().sql("select * from evaluator.drift_watch where model = ?" + lock)
                .param(model)
                .query(DriftStore::watch)
                .optional();
    }

    private static Watch watch(ResultSet row, int number) throws SQLException {
        Integer from = row.getObject("suspected_from", Integer.class);
        return new Watch(
                row.getString("model"),
                row.getInt("version"),
                row.getInt("epoch"),
                row.getInt("samples"),
                row.getString("state"),
                from == null ? null : new Watch.Suspicion(from, row.getDouble("suspected_before")),
                row.getObject("alarm_at", Integer.class));
    }

    private JdbcClient jdbc() {
        return schema.jdbc();
    }
}
