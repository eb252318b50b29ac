package dev.perennial.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.PlumbingConfiguration;
import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.artifact.DirectoryArtifactStore;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.TrainingEvent;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.event.TrainingEvent.TrainingFailed;
import dev.perennial.common.event.TrainingEvent.TrainingProgressed;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real training runs through the service, with a real encoder. */
class TrainerIT {
    @TempDir
    static Path root;

    private final TestBroker broker = TestInfrastructure.freshBroker();
    private final List<TrainingEvent> seen = new CopyOnWriteArrayList<>();
    private String database;
    private ConfigurableApplicationContext context;

    @BeforeEach
    void createDatabase() {
        database = TestInfrastructure.createDatabase();
    }

    @AfterEach
    void stop() {
        context.close();
        broker.close();
    }

    @Test
    void a_requested_run_is_done_once_and_tells_how_it_goes() throws Exception {
        start();
        TrainingRequested request = request("run-once", 8);

        publish(request);
        publish(request);
        TrainingCompleted completed = completed("run-once");

        assertThat(completed.request()).isEqualTo(request);
        assertThat(completed.validationAccuracy()).isNotNull();
        try (TextEncoder encoder = TextEncoder.open(TinyTask.BASE);
                TextClassifier classifier =
                        encoder.classifier(context.getBean(ArtifactStore.class).open(completed.adapter()))) {
            assertThat(classifier.classify("there is a mistake in my invoice").label())
                    .isEqualTo("billing");
        }
        assertThat(of(TrainingProgressed.class)).isNotEmpty().allMatch(progress -> progress.totalSteps() == 24);
        JsonNode run = get("/api/runs/run-once");
        assertThat(run.get("state").asString()).isEqualTo("COMPLETED");
        assertThat(run.get("attempts").asInt()).isEqualTo(1);
        assertThat(run.get("step").asInt()).isPositive();
        assertThat(run.get("tokensPerSecond").asDouble()).isPositive();
        assertThat(get("/api/runs?model=support").get("total").asInt()).isEqualTo(1);
        assertThat(get("/api/runs?model=other").get("total").asInt()).isZero();
        assertThat(get("/api/runs/nothing").get("code").asString()).isEqualTo("run-unknown");
        assertThat(of(TrainingCompleted.class)).hasSize(1);
    }

    @Test
    void a_run_that_can_never_succeed_ends_with_the_reason() throws Exception {
        start();
        TrainingRequested request = request("run-bad", 1);
        publish(new TrainingRequested(
                "run-bad",
                request.model(),
                1,
                3,
                "no-such-model",
                request.labels(),
                request.dataset(),
                null,
                null,
                request.training(),
                "cpu-0",
                1));

        await("failure", () -> !of(TrainingFailed.class).isEmpty());
        assertThat(of(TrainingFailed.class).getFirst().reason()).contains("no-such-model");
        assertThat(of(TrainingFailed.class).getFirst().round()).isEqualTo(3);
    }

    @Test
    void a_killed_trainers_run_is_taken_over_and_ends_with_the_weights_of_an_unbroken_one() throws Exception {
        JdbcClient jdbc = JdbcClient.create(
                new DriverManagerDataSource(database, TestInfrastructure.USER, TestInfrastructure.PASSWORD));
        Process trainer = fork();
        try {
            await("the other trainer", () -> tableExists(jdbc));
            startOnlyMessaging();
            publish(request("run-killed", 12));
            await(
                    "a checkpoint of the other trainer",
                    () -> jdbc.sql("select 1 from trainer.training_run where checkpoint_step >= 5")
                                    .query()
                                    .listOfRows()
                                    .size()
                            == 1);
        } finally {
            trainer.destroyForcibly();
            assertThat(trainer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(jdbc.sql("select state from trainer.training_run")
                        .query(String.class)
                        .single())
                .isEqualTo("RUNNING");
        context.close();

        start();
        TrainingCompleted takenOver = completed("run-killed");
        publish(request("run-unbroken", 12));
        TrainingCompleted unbroken = completed("run-unbroken");

        assertThat(get("/api/runs/run-killed").get("attempts").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(get("/api/runs/run-unbroken").get("attempts").asInt()).isEqualTo(1);
        assertThat(takenOver.adapter()).isEqualTo(unbroken.adapter());
        assertThat(takenOver.tokens()).isEqualTo(unbroken.tokens());
    }

    private void start() {
        context = SpringApplication.run(TrainerApplication.class, arguments());
        watch();
    }

    /** A context that publishes and trains nothing. */
    private void startOnlyMessaging() {
        context = SpringApplication.run(MessagingOnly.class, arguments());
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(PlumbingConfiguration.class)
    static class MessagingOnly {}

    private void watch() {
        context.getBean(EventSubscriptions.class)
                .<TrainingEvent>batch(
                        "probe",
                        EventFamily.TRAINING,
                        Set.of(TrainingProgressed.class, TrainingCompleted.class, TrainingFailed.class),
                        batch -> batch.forEach(envelope -> seen.add(envelope.event())))
                .start();
    }

    private String[] arguments() {
        return new String[] {
            "--server.port=0",
            "--spring.datasource.url=" + database,
            "--spring.datasource.username=" + TestInfrastructure.USER,
            "--spring.datasource.password=" + TestInfrastructure.PASSWORD,
            "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
            "--perennial.shared.artifacts=" + root.resolve("artifacts"),
            "--perennial.trainer.checkpoint-every=0s",
            "--perennial.jobs.heartbeat=200ms",
            "--perennial.jobs.polling=100ms"
        };
    }

    private Process fork() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dai.djl.pytorch.num_threads=2",
                "-cp",
                System.getProperty("java.class.path"),
                TrainerApplication.class.getName()));
        command.addAll(List.of(arguments()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(root.resolve("trainer.log").toString()))
                .start();
    }

    private TrainingRequested request(String runId, int epochs) {
        ArtifactRef dataset =
                new DirectoryArtifactStore(root.resolve("artifacts")).store(TinyTask.dataset(root.resolve("dataset")));
        return new TrainingRequested(
                runId,
                "support",
                1,
                1,
                TinyTask.BASE,
                TinyTask.LABELS,
                new DatasetRef(dataset, 18),
                null,
                null,
                TinyTask.training(epochs),
                "cpu-0",
                7);
    }

    private void publish(TrainingRequested request) {
        context.getBean(EventPublisher.class)
                .publish(
                        List.of(new Envelope<>(request.runId(), "scheduler", Instant.now(), request.model(), request)));
    }

    private TrainingCompleted completed(String runId) {
        await(
                runId + " completed",
                () -> of(TrainingCompleted.class).stream()
                        .anyMatch(event -> event.runId().equals(runId)));
        return of(TrainingCompleted.class).stream()
                .filter(event -> event.runId().equals(runId))
                .findFirst()
                .orElseThrow();
    }

    private <E extends TrainingEvent> List<E> of(Class<E> type) {
        return seen.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private JsonNode get(String path) throws Exception {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return JsonMapper.shared()
                    .readTree(http.send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }

    private static boolean tableExists(JdbcClient jdbc) {
        return !jdbc.sql("select 1 where to_regclass('trainer.training_run') is not null")
                .query()
                .listOfRows()
                .isEmpty();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 90 s for " + what).isLessThan(deadline);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
