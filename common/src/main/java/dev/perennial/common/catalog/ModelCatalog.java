package dev.perennial.common.catalog;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.ModelEvent;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/**
 * A service's own copy of the declared models and of the stage of their versions, kept by the {@code models} events. The
 * registry holds the original. Reads go to the database; thread-safe.
 */
public final class ModelCatalog {

    /** A declared model. */
    public record KnownModel(int specVersion, ModelSpec spec) {}

    private final ServiceSchema schema;

    public ModelCatalog(ServiceSchema schema) {
        this.schema = schema;
    }

    /** The subscription that keeps this copy; a bean of the service. */
    public ConcurrentMessageListenerContainer<String, byte[]> subscription(EventSubscriptions subscriptions) {
        return subscriptions.batch(
                schema.name(), EventFamily.MODELS, Set.of(ModelDeclared.class, VersionChanged.class), this::handle);
    }

    public Optional<KnownModel> find(String model) {
        return schema.jdbc()
                .sql(schema.sql("select spec_version, spec from $schema.known_model where model = ?"))
                .param(model)
                .query((row, number) ->
                        new KnownModel(row.getInt("spec_version"), SpecReader.readStored(row.getString("spec"))))
                .optional();
    }

    /** The model of a request. */
    public KnownModel require(String model) {
        return find(model)
                .orElseThrow(() -> ProblemException.notFound(
                        "model-unknown",
                        "There is no model '" + model + "' here; declare it with PUT /api/models/" + model
                                + ". A model declared a moment ago is known here within a second."));
    }

    /** The newest version with this stage, such as the live one. */
    public Optional<VersionChanged> version(String model, Stage stage) {
        return schema.jdbc()
                .sql(schema.sql("""
                        select change from $schema.known_version
                        where model = ? and stage = ? order by version desc limit 1
                        """))
                .params(model, stage.name())
                .query((row, number) ->
                        SpecReader.storedMapper().readValue(row.getString("change"), VersionChanged.class))
                .optional();
    }

    void handle(List<Envelope<ModelEvent>> batch) {
        schema.transactions().executeWithoutResult(status -> {
            for (Envelope<ModelEvent> envelope : batch) {
                switch (envelope.event()) {
                    case ModelDeclared declared -> put(declared);
                    case VersionChanged changed -> put(changed);
                }
            }
        });
    }

    private void put(ModelDeclared declared) {
        schema.jdbc()
                .sql(schema.sql("""
                        insert into $schema.known_model as known (model, spec_version, spec) values (?, ?, ?::jsonb)
                        on conflict (model) do update
                        set spec_version = excluded.spec_version, spec = excluded.spec
                        where known.spec_version < excluded.spec_version
                        """))
                .params(declared.model(), declared.specVersion(), SpecReader.write(declared.spec()))
                .update();
    }

    private void put(VersionChanged changed) {
        schema.jdbc()
                .sql(schema.sql("""
                        insert into $schema.known_version as known (model, version, stage, change, sequence)
                        values (?, ?, ?, ?::jsonb, ?)
                        on conflict (model, version) do update
                        set stage = excluded.stage, change = excluded.change, sequence = excluded.sequence
                        where known.sequence < excluded.sequence
                        """))
                .params(
                        changed.model(),
                        changed.version(),
                        changed.stage().name(),
                        SpecReader.storedMapper().writeValueAsString(changed),
                        changed.sequence())
                .update();
    }
}
