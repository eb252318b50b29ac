package dev.perennial.registry.model;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The declared models. */
public final class Models {
    private final ServiceSchema schema;
    private final Outbox outbox;
    private final ChangeLog changes;
    private final Clock clock;

    public Models(ServiceSchema schema, Outbox outbox, ChangeLog changes, Clock clock) {
        this.schema = schema;
        this.outbox = outbox;
        this.changes = changes;
        this.clock = clock;
    }

    /** What became of a declaration. */
    public record Declared(String model, int specVersion, boolean changed) {}

    /**
     * Declares a model or changes its spec. The spec that is in force already changes nothing.
     *
     * @throws ProblemException when a label of the spec in force is gone
     */
    public Declared declare(ModelSpec spec) {
        return Objects.requireNonNull(schema.transactions().execute(status -> {
            schema.jdbc()
                    .sql("insert into registry.model (name, spec_version) values (?, 0) on conflict do nothing")
                    .param(spec.name())
                    .update();
            Optional<DeclaredModel> before = lock(spec.name());
            if (before.isPresent() && before.get().spec().equals(spec)) {
                return new Declared(spec.name(), before.get().specVersion(), false);
            }
            before.ifPresent(declared -> SpecChange.check(declared.spec(), spec));
            int version = before.map(DeclaredModel::specVersion).orElse(0) + 1;
            put(spec, version);
            return new Declared(spec.name(), version, true);
        }));
    }

    private void put(ModelSpec spec, int version) {
        schema.jdbc()
                .sql("insert into registry.spec (model, version, spec, declared) values (?, ?, ?::jsonb, ?)")
                .params(spec.name(), version, SpecReader.write(spec), Timestamp.from(clock.instant()))
                .update();
        schema.jdbc()
                .sql("update registry.model set spec_version = ? where name = ?")
                .params(version, spec.name())
                .update();
        changes.append(ChangeLog.Line.of(spec.name(), ChangeKind.DECLARED, null, "spec version " + version));
        outbox.append(new Envelope<>(
                EventIds.of("model-declared", spec.name(), version),
                schema.name(),
                clock.instant(),
                spec.name(),
                new ModelDeclared(spec.name(), version, spec)));
    }

    /** Locks a model until the end of the transaction: whoever changes its versions or traffic holds this. */
    public Optional<DeclaredModel> lock(String model) {
        return schema.jdbc()
                .sql("select 1 from registry.model where name = ? for update")
                .param(model)
                .query(Integer.class)
                .optional()
                .flatMap(locked -> find(model));
    }

    /** Numbers a change of a version; the model must be locked. */
    public long nextSequence(String model) {
        return schema.jdbc()
                .sql("update registry.model set sequence = sequence + 1 where name = ? returning sequence")
                .param(model)
                .query(Long.class)
                .single();
    }

    /** Numbers a new version; the model must be locked. */
    public int nextVersion(String model) {
        return schema.jdbc()
                .sql("update registry.model set last_version = last_version + 1 where name = ? returning last_version")
                .param(model)
                .query(Integer.class)
                .single();
    }

    public Optional<DeclaredModel> find(String model) {
        return schema.jdbc().sql("""
                        select s.version, s.spec from registry.model m
                        join registry.spec s on s.model = m.name and s.version = m.spec_version
                        where m.name = ?
                        """).param(model).query(Models::declared).optional();
    }

    /** The model of a request. */
    public DeclaredModel require(String model) {
        return find(model).orElseThrow(() -> unknown(model));
    }

    /** The model of a command, locked. */
    public DeclaredModel requireLocked(String model) {
        return lock(model).orElseThrow(() -> unknown(model));
    }

    List<DeclaredModel> all() {
        return schema.jdbc().sql("""
                        select s.version, s.spec from registry.model m
                        join registry.spec s on s.model = m.name and s.version = m.spec_version order by m.name
                        """).query(Models::declared).list();
    }

    public static ProblemException unknown(String model) {
        return ProblemException.notFound(
                "model-unknown",
                "There is no model '" + model + "'; declare it with PUT /api/models/" + model + " first.");
    }

    private static DeclaredModel declared(ResultSet row, int number) throws SQLException {
        return new DeclaredModel(row.getInt("version"), SpecReader.readStored(row.getString("spec")));
    }
}
