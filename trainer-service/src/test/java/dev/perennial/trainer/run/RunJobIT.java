package dev.perennial.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.artifact.DirectoryArtifactStore;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.job.JobSettings;
import dev.perennial.common.job.Jobs;
import dev.perennial.common.job.LeaseLostException;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.trainer.TinyTask;
import dev.perennial.trainer.TrainerSettings;
import dev.perennial.trainer.backend.StepProgress;
import dev.perennial.trainer.backend.TrainingBackend;
import dev.perennial.trainer.backend.TrainingOrder;
import dev.perennial.trainer.backend.TrainingResult;
import dev.perennial.trainer.backend.TrainingWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** The job's promises to the database, with a backend that does as the test says. */
class RunJobIT {
    private static final JobSettings QUICK = new JobSettings(Duration.ofMillis(200), Duration.ofMillis(50));

    @TempDir
    Path root;

    private final BlockingQueue<Object> ends = new ArrayBlockingQueue<>(100);
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private ServiceSchema schema;
    private ArtifactStore artifacts;
    private ArtifactRef dataset;
    private Jobs jobs;
    private TrainingBackend backend;

    @BeforeEach
    void migrate() {
        DriverManagerDataSource source = new DriverManagerDataSource(
                TestInfrastructure.createDatabase(), TestInfrastructure.USER, TestInfrastructure.PASSWORD);
        schema = ServiceSchema.migrate("trainer", source, new JdbcTransactionManager(source));
        artifacts = new DirectoryArtifactStore(root.resolve("artifacts"));
        dataset = artifacts.store(TinyTask.dataset(root.resolve("dataset")));
    }

    @AfterEach
    void stop() {
        jobs.stop();
    }

    @Test
    void an_attempt_that_lost_its_lease_stops_at_the_next_step_and_changes_nothing() throws Exception {
        start((order, adapter, watch) -> {
            watch.stepped(step(1, 0.5), file -> {});
            schema.jdbc().sql("update trainer.lease set attempt = attempt + 1").update();
            try {
                watch.stepped(step(2, null), file -> {});
            } catch (LeaseLostException e) {
                ends.add("stopped");
                throw e;
            }
            throw new AssertionError("went on without a lease");
        });

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("stopped");
        jobs.stop();
        assertThat(row()).containsEntry("state", "RUNNING").containsEntry("step", 1);
        assertThat(events("TrainingCompleted")).isZero();
        assertThat(events("TrainingFailed")).isZero();
    }

    @Test
    void progress_is_told_now_and_then_and_at_the_end_of_every_epoch() throws Exception {
        start((order, adapter, watch) -> {
            for (int i = 1; i <= 20; i++) {
                now.updateAndGet(instant -> instant.plusMillis(100));
                watch.stepped(step(i, i == 7 ? 0.8 : null), file -> {});
            }
            return result(adapter);
        });

        awaitState("COMPLETED");
        assertThat(events("TrainingProgressed")).isEqualTo(5);
        assertThat(row()).containsEntry("step", 17).containsEntry("validation_accuracy", 0.8);
    }

    @Test
    void a_checkpoint_replaces_the_one_before_and_goes_when_the_run_ends() throws Exception {
        start((order, adapter, watch) -> {
            for (int i = 1; i <= 3; i++) {
                now.updateAndGet(instant -> instant.plusSeconds(10));
                watch.stepped(step(i, null), file -> write(file, "checkpoint"));
            }
            try (var files = Files.walk(root.resolve("checkpoints"))) {
                ends.add(files.filter(Files::isRegularFile)
                        .map(file -> file.getFileName().toString())
                        .toList());
            }
            return result(adapter);
        });

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(List.of("attempt-1-step-3"));
        awaitState("COMPLETED");
        assertThat(row()).containsEntry("checkpoint_step", 3);
        awaitGone(root.resolve("checkpoints").resolve("run-1"));
    }

    @Test
    void an_outage_is_tried_again_from_the_checkpoint() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        start((order, adapter, watch) -> {
            ends.add(
                    order.checkpoint() == null
                            ? "none"
                            : order.checkpoint().getFileName().toString());
            now.updateAndGet(instant -> instant.plusSeconds(10));
            watch.stepped(step(attempts.get() + 1, null), file -> write(file, "checkpoint"));
            if (attempts.incrementAndGet() < 3) {
                throw new TransientDataAccessResourceException("the database is away");
            }
            return result(adapter);
        });

        awaitState("COMPLETED");
        assertThat(ends).containsExactly("none", "attempt-1-step-1", "attempt-2-step-2");
        assertThat(row()).containsEntry("attempt", 3).containsEntry("defects", 0);
    }

    @Test
    void a_trainer_that_stops_hands_its_run_over_without_losing_a_step() throws Exception {
        AtomicInteger last = new AtomicInteger();
        start((order, adapter, watch) -> {
            if (order.checkpoint() != null) {
                ends.add(order.checkpoint().getFileName().toString());
                return result(adapter);
            }
            ends.add("started");
            while (true) {
                watch.stepped(step(last.incrementAndGet(), null), file -> write(file, "checkpoint"));
            }
        });
        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("started");

        jobs.stop();
        jobs = worker();
        jobs.start();

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("attempt-1-step-" + last.get());
        awaitState("COMPLETED");
        assertThat(row()).containsEntry("attempt", 2).containsEntry("defects", 0);
    }

    @Test
    void a_defect_that_stays_ends_the_run_after_three_attempts() throws Exception {
        start((order, adapter, watch) -> {
            throw new IllegalStateException("a bug");
        });

        awaitState("FAILED");
        assertThat(row()).containsEntry("attempt", 3);
        assertThat((String) row().get("failure")).contains("a bug");
        assertThat(events("TrainingFailed")).isEqualTo(1);
    }

    @Test
    void a_dataset_that_the_store_does_not_have_ends_the_run_at_once() throws Exception {
        dataset = new ArtifactRef("d".repeat(64), 1);
        start((order, adapter, watch) -> result(adapter));

        awaitState("FAILED");
        assertThat(row()).containsEntry("attempt", 1);
        assertThat((String) row().get("failure")).contains("d".repeat(64));
    }

    /** Starts a worker with this backend and requests a run, twice. */
    private void start(ThrowingBackend backend) {
        this.backend = backend;
        jobs = worker();
        jobs.start();
        TrainingRequested request = new TrainingRequested(
                "run-1",
                "support",
                1,
                1,
                TinyTask.BASE,
                TinyTask.LABELS,
                new DatasetRef(dataset, 18),
                null,
                null,
                TinyTask.training(1),
                "cpu-0",
                7);
        Envelope<TrainingRequested> envelope = new Envelope<>("run-1", "scheduler", Instant.EPOCH, "support", request);
        RunIntake intake = new RunIntake(schema, new RunStore(schema), jobs, clock());
        intake.on(List.of(envelope, envelope));
        intake.on(List.of(envelope));
    }

    private Jobs worker() {
        Outbox outbox = new Outbox(
                schema, new EventPublisher(new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(Map.of()))));
        RunJob job = new RunJob(
                new RunStore(schema),
                backend,
                artifacts,
                outbox,
                new TrainerSettings(null, null, null),
                root.resolve("checkpoints"),
                clock());
        return Jobs.of(schema, QUICK).handle(RunJob.KIND, job::run).build();
    }

    private Clock clock() {
        return ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    }

    private interface ThrowingBackend extends TrainingBackend {
        TrainingResult tried(TrainingOrder order, Path adapter, TrainingWatch watch) throws IOException;

        @Override
        default TrainingResult train(TrainingOrder order, Path adapter, TrainingWatch watch) {
            try {
                return tried(order, adapter, watch);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static TrainingResult result(Path adapter) {
        write(adapter.resolve("adapter_config.json"), "{}");
        return new TrainingResult(1, 1, 0.9, 0.1, 100, Duration.ofSeconds(1));
    }

    private static StepProgress step(int step, Double accuracy) {
        return new StepProgress(step, 100, 1, 0.5, 1000, Duration.ofSeconds(9), accuracy);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> row() {
        return schema.jdbc().sql("select * from trainer.training_run").query().singleRow();
    }

    private int events(String type) {
        return schema.jdbc()
                .sql("select count(*) from trainer.outbox where type = ?")
                .param(type)
                .query(Integer.class)
                .single();
    }

    private void awaitState(String state) throws InterruptedException {
        await(() -> {
            var rows = schema.jdbc()
                    .sql("select * from trainer.training_run")
                    .query()
                    .listOfRows();
            return !rows.isEmpty() && state.equals(rows.getFirst().get("state"));
        });
    }

    private static void awaitGone(Path path) throws InterruptedException {
        await(() -> !Files.exists(path));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 30 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
