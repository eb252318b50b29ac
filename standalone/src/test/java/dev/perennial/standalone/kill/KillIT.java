package dev.perennial.standalone.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SamplePayload;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.messaging.DeliveryException;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.embedded.BrokerProcess;
import dev.perennial.embedded.DatabaseProcess;
import dev.perennial.generator.generation.CandidatePublisher;
import dev.perennial.standalone.PerennialApplication;
import dev.perennial.standalone.cli.Patience;
import dev.perennial.standalone.client.Endpoints;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.SampleFormat;
import dev.perennial.standalone.client.Service;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Application, broker and database are killed with SIGKILL while samples and training runs are under way. */
class KillIT {
    private static final int SAMPLES = 20_000;
    private static final int BATCH = 200;
    private static final String PIPELINE = "kill-pipeline";
    /** Its candidates are judged in cohorts, with the encoder. */
    private static final String COHORTS = "kill-cohorts";

    private static final int COHORT_SAMPLES = 400;
    private static final List<String> TRAINED = List.of("kill-first", "kill-second");

    @TempDir
    Path directory;

    private Victim database;
    private Victim broker;
    private Victim application;
    private String jdbcUrl;
    private String kafka;
    private PerennialClient client;

    @BeforeEach
    void startAll() throws Exception {
        int databasePort = Victim.freePort();
        int brokerPort = Victim.freePort();
        int port = Victim.freePort();
        jdbcUrl = "jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres";
        kafka = "127.0.0.1:" + brokerPort;
        database = new Victim(
                "database",
                DatabaseProcess.class,
                directory,
                "ready ",
                List.of("--data", directory.resolve("postgres").toString(), "--port", "" + databasePort));
        broker = new Victim(
                "broker",
                BrokerProcess.class,
                directory,
                "ready ",
                List.of("--data", directory.resolve("kafka").toString(), "--port", "" + brokerPort));
        application = new Victim(
                "application",
                PerennialApplication.class,
                directory,
                "Perennial is ready",
                List.of(
                        "up",
                        "--port",
                        "" + port,
                        "--data",
                        directory.toString(),
                        "--database",
                        jdbcUrl,
                        "--kafka",
                        kafka,
                        "--set",
                        "perennial.jobs.heartbeat=500ms",
                        "--set",
                        "perennial.scorer.cohort-patience=1s"));
        database.begin();
        broker.start();
        database.awaitReady();
        application.start();
        client = new PerennialClient(Endpoints.single(URI.create("http://127.0.0.1:" + port)));
    }

    @AfterEach
    void stopAll() throws Exception {
        client.close();
        application.stop();
        broker.stop();
        database.stop();
    }

    @Test
    void every_sample_counts_once_at_each_stage_and_each_run_finishes_once() throws Exception {
        declare();
        Thread publishing = Thread.ofPlatform().start(this::publishAll);
        for (int round = 0; round < 5; round++) {
            Thread.sleep(Duration.ofSeconds(2 + round));
            switch (round) {
                case 1 -> restart(broker);
                case 2 -> restartDatabase();
                case 3 -> {
                    broker.kill();
                    application.kill();
                    broker.start();
                    application.start();
                    continue;
                }
                default -> {}
            }
            restart(application);
        }
        publishing.join();

        await(
                "samples scored",
                () -> count("select count(*) from scorer.sample where model = '" + PIPELINE + "'") >= SAMPLES);
        await("samples pooled", () -> pooled(PIPELINE) >= SAMPLES);
        await("cohorts pooled", () -> pooled(COHORTS) >= COHORT_SAMPLES);
        await("versions", () -> count("select count(*) from registry.version") >= TRAINED.size());
        // Another consumer than the one that made the version writes it.
        await(
                "rounds finished",
                () -> count("select count(*) from scheduler.round where state = 'FINISHED'") >= TRAINED.size());

        assertThat(count("select count(*) from scorer.sample where model = '" + PIPELINE + "'"))
                .isEqualTo(SAMPLES);
        assertThat(pooled(PIPELINE)).isEqualTo(SAMPLES);
        assertThat(count("select count(*) from scorer.sample where model = '" + COHORTS + "'"))
                .isEqualTo(COHORT_SAMPLES);
        assertThat(pooled(COHORTS)).isEqualTo(COHORT_SAMPLES);
        assertThat(count("select count(*) from scheduler.sample where model = '" + PIPELINE + "'"))
                .isEqualTo(SAMPLES);
        for (String model : TRAINED) {
            assertThat(count("select count(*) from trainer.training_run where model = '" + model + "'"))
                    .as("runs of " + model)
                    .isEqualTo(1);
            assertThat(count("select count(*) from trainer.training_run where model = '" + model
                            + "' and state = 'COMPLETED'"))
                    .as("completed runs of " + model)
                    .isEqualTo(1);
            assertThat(count("select count(*) from registry.version where model = '" + model + "'"))
                    .as("versions of " + model)
                    .isEqualTo(1);
            assertThat(count("select count(*) from scheduler.round where model = '" + model
                            + "' and state = 'FINISHED'"))
                    .as("finished rounds of " + model)
                    .isEqualTo(1);
        }
        assertThat(count("select max(attempt) from trainer.lease"))
                .as("a run was taken over")
                .isGreaterThan(1);
        assertThat(client.get(Service.REGISTRY, "/api/dead-letters"))
                .as("an outage buries nothing")
                .isEmpty();
    }

    private void declare() {
        client.declare(PIPELINE, """
                name: kill-pipeline
                task: {type: classification, labels: [one, two]}
                baseModel: all-minilm-l6-v2
                quality: {duplicates: {threshold: 1, near: 0.8}, labelAgreement: {top: 0}}
                scheduling: {every: 900000000 samples}
                evaluation: {sets: [core]}
                """);
        client.declare(COHORTS, """
                name: kill-cohorts
                task: {type: classification, labels: [one, two]}
                baseModel: all-minilm-l6-v2
                scheduling: {every: 900000000 samples}
                evaluation: {sets: [core]}
                """);
        for (String model : TRAINED) {
            client.declare(model, """
                    name: %s
                    task: {type: classification, labels: [offline, slow]}
                    baseModel: all-minilm-l6-v2
                    quality: {duplicates: {threshold: 1, near: 1}}
                    scheduling: {every: 900000000 samples}
                    training: {epochs: 60, earlyStop: {patience: 60}, batchSize: 8}
                    evaluation: {sets: [core]}
                    """.formatted(model));
            Patience.untilKnown(
                    () -> client.putEvaluationSet(model, "core", tickets("evening"), SampleFormat.JSON_LINES));
            Patience.untilKnown(() -> client.addSamples(
                    model, tickets("kitchen", "attic", "office", "cellar", "garden"), SampleFormat.JSON_LINES));
        }
        await(
                "tickets pooled",
                () -> count("select coalesce(sum(real + rejected), 0) from scheduler.pool") >= 20L * TRAINED.size());
        TRAINED.forEach(model -> Patience.untilKnown(() -> client.startRound(model, false, "kill test")));
    }

    private static String tickets(String... places) {
        StringBuilder lines = new StringBuilder();
        for (String place : places) {
            lines.append(line("there is no connection at all in the " + place, "offline"));
            lines.append(line("the box in the " + place + " shows a red light and is dead", "offline"));
            lines.append(line("pages load like treacle in the " + place, "slow"));
            lines.append(line("downloads in the " + place + " take for ever these days", "slow"));
        }
        return lines.toString();
    }

    private static String line(String text, String label) {
        return "{\"text\": \"" + text + "\", \"label\": \"" + label + "\"}\n";
    }

    /** As the generator does: the same ids however often a batch is tried. */
    private void publishAll() {
        DefaultKafkaProducerFactory<String, byte[]> producers = new DefaultKafkaProducerFactory<>(
                Map.of(
                        "bootstrap.servers",
                        kafka,
                        "acks",
                        "all",
                        "delivery.timeout.ms",
                        15_000,
                        "request.timeout.ms",
                        5_000),
                new StringSerializer(),
                new ByteArraySerializer());
        CandidatePublisher publisher =
                new CandidatePublisher(new EventPublisher(new KafkaTemplate<>(producers)), Clock.systemUTC());
        for (int from = 0; from < SAMPLES; from += BATCH) {
            List<SampleCandidate> batch = IntStream.range(from, from + BATCH)
                    .mapToObj(number -> candidate(PIPELINE, number))
                    .toList();
            while (!published(publisher, batch)) {}
            int cohortFrom = from * COHORT_SAMPLES / SAMPLES;
            List<SampleCandidate> cohort = IntStream.range(cohortFrom, cohortFrom + BATCH * COHORT_SAMPLES / SAMPLES)
                    .mapToObj(number -> candidate(COHORTS, number))
                    .toList();
            while (!published(publisher, cohort)) {}
        }
        producers.destroy();
    }

    private static boolean published(CandidatePublisher publisher, List<SampleCandidate> batch) {
        try {
            Thread.sleep(Duration.ofMillis(75));
            publisher.publish(batch);
            return true;
        } catch (DeliveryException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SampleCandidate candidate(String model, int number) {
        String text = "sample " + Integer.toString(number * 7919, 36) + " of ticket " + number + " about router "
                + number % 977;
        return new SampleCandidate(
                EventIds.of("kill", model, number),
                model,
                SampleSource.SYNTHETIC,
                new SamplePayload.LabelledText(text, number % 2 == 0 ? "one" : "two"),
                new Provenance("test", null, null, null, null, null, List.of()));
    }

    private static void restart(Victim victim) throws Exception {
        victim.kill();
        victim.start();
    }

    /** The postmaster and the JVM that watches it. */
    private void restartDatabase() throws Exception {
        String pid = Files.readAllLines(
                        directory.resolve("postgres").resolve("cluster").resolve("postmaster.pid"))
                .getFirst()
                .strip();
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        restart(database);
    }

    private long pooled(String model) {
        return count("select coalesce(sum(real + synthetic + rejected), 0) from scheduler.pool where model = '" + model
                + "'");
    }

    private long count(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what + " within five minutes").isLessThan(deadline);
            try {
                Thread.sleep(Duration.ofMillis(200));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
