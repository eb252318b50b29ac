package dev.perennial.scheduler.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.Event;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.common.text.ContentHash;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.scheduler.pool.SamplePool;
import dev.perennial.scheduler.queue.Slots;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Two instances of the scheduler on one database, and events that meet in every order. */
class RoundRacesIT {
    private static final List<String> SLOTS = List.of("cpu-0", "cpu-1", "cpu-2");
    private static final int MODELS = 12;

    private final ServiceSchema schema = schema();
    private final Set<RoundId> assembled = ConcurrentHashMap.newKeySet();
    private final Rounds one = instance();
    private final Rounds other = instance();

    @Test
    void the_end_of_a_generation_and_its_last_samples_may_meet_and_the_round_goes_on() throws Exception {
        List<Future<?>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < MODELS; i++) {
                String model = "model-" + i;
                declare(model);
                Round.Generating round =
                        (Round.Generating) one.command(command(model)).orElseThrow();
                work.add(threads.submit(() -> one.onSamples(samples(model, round.generationId(), 0, 3))));
                work.add(threads.submit(() -> other.onSamples(samples(model, round.generationId(), 3, 6))));
                work.add(threads.submit(() -> other.onGenerations(List.of(envelope(
                        new GenerationCompleted(round.generationId(), model, 6, 6, List.of(), 0, "complete"))))));
            }
            for (Future<?> each : work) {
                each.get();
            }
        }

        assertThat(assembled).hasSize(MODELS);
    }

    @Test
    void no_slot_is_given_twice_and_none_stays_free_while_a_round_waits() throws Exception {
        List<RoundId> rounds = new ArrayList<>();
        for (int i = 0; i < MODELS; i++) {
            declare("model-" + i);
            rounds.add(RoundId.of(one.command(command("model-" + i, Map.of())).orElseThrow()));
        }
        List<Future<?>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < MODELS; i++) {
                Rounds instance = i % 2 == 0 ? one : other;
                RoundId round = rounds.get(i);
                work.add(threads.submit(() -> schema.transactions()
                        .executeWithoutResult(status -> instance.change(
                                round, Round.Assembling.class, assembling -> assembling.assembled(DATASET)))));
            }
            for (Future<?> each : work) {
                each.get();
            }
        }

        assertThat(count("select count(*) from scheduler.round where state = 'TRAINING'"))
                .isEqualTo(SLOTS.size());
        assertThat(count("select count(distinct slot) from scheduler.round where state = 'TRAINING'"))
                .isEqualTo(SLOTS.size());
        assertThat(count("select count(*) from scheduler.slot join scheduler.round using (run_id)"))
                .isEqualTo(SLOTS.size());
        assertThat(count("select count(*) from scheduler.outbox where type = 'TrainingRequested'"))
                .isEqualTo(SLOTS.size());
    }

    @Test
    void a_model_whose_spec_cannot_be_read_holds_up_no_other() {
        schema.jdbc()
                .sql("insert into scheduler.known_model (model, spec_version, spec) values ('broken', 1, '{}')")
                .update();
        declare("sound");
        TriggerStore triggers = new TriggerStore(schema);
        triggers.add(command("broken"));
        triggers.add(command("sound"));

        one.sweep(Instant.EPOCH);

        assertThat(new RoundStore(schema).open("sound")).isPresent();
        assertThat(triggers.modelsWithWaiting()).containsExactly("broken");
    }

    private static final DatasetRef DATASET = new DatasetRef(new ArtifactRef("d".repeat(64), 1), 1);

    private Rounds instance() {
        SamplePool pool = new SamplePool(schema);
        RoundStore rounds = new RoundStore(schema);
        TriggerStore triggers = new TriggerStore(schema);
        ModelCatalog catalog = new ModelCatalog(schema);
        Outbox outbox = new Outbox(
                schema, new EventPublisher(new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(Map.of()))));
        RoundFlow flow = new RoundFlow(
                rounds,
                new RoundOpening(catalog, pool, rounds, triggers),
                catalog,
                new Slots(schema, SLOTS),
                outbox,
                assembled::add,
                Clock.systemUTC());
        return new Rounds(schema, pool, catalog, rounds, triggers, flow);
    }

    private static ServiceSchema schema() {
        DriverManagerDataSource source = new DriverManagerDataSource(
                TestInfrastructure.createDatabase(), TestInfrastructure.USER, TestInfrastructure.PASSWORD);
        return ServiceSchema.migrate("scheduler", source, new JdbcTransactionManager(source));
    }

    private void declare(String model) {
        schema.jdbc()
                .sql("insert into scheduler.known_model (model, spec_version, spec) values (?, 1, ?::jsonb)")
                .params(model, SpecReader.write(Specs.of(model, "{every: 1000000}")))
                .update();
    }

    private int count(String sql) {
        return schema.jdbc().sql(sql).query(Integer.class).single();
    }

    private static Trigger command(String model) {
        return command(model, Map.of("router", 6));
    }

    private static Trigger command(String model, Map<String, Integer> wanted) {
        return new Trigger("command-" + model, model, Cause.COMMAND, "command", null, wanted, Instant.now());
    }

    private static List<Envelope<SampleScored>> samples(String model, String generationId, int from, int to) {
        List<Envelope<SampleScored>> samples = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String text = model + " sample " + i;
            samples.add(envelope(new SampleScored(
                    text,
                    model,
                    SampleSource.SYNTHETIC,
                    generationId,
                    new LabelledText(text, "router"),
                    ContentHash.of(text),
                    true,
                    1,
                    Map.of(),
                    List.of())));
        }
        return samples;
    }

    private static <E extends Event> Envelope<E> envelope(E event) {
        return new Envelope<>("id", "test", Instant.EPOCH, event.model(), event);
    }
}
