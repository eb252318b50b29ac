package dev.perennial.registry;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.SetScore;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.spec.TrainingSpec;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.registry.serving.KeywordBackend;
import dev.perennial.registry.serving.ServingBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole registry on real servers, with a backend that looks for keywords instead of running a model. */
public final class TestRegistry implements AutoCloseable {
    public static final List<String> LABELS = List.of("slow", "offline", "billing");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final AtomicInteger MODELS = new AtomicInteger();

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;
    private final TestBroker broker;
    private final String database;
    private final Path artifacts;

    /** One for all tests of a JVM; each takes a model of its own. */
    public static TestRegistry shared() {
        return Shared.INSTANCE;
    }

    private static final class Shared {
        static final TestRegistry INSTANCE = new TestRegistry();
    }

    /** Replaces the backend. */
    @Configuration(proxyBeanMethods = false)
    static class Keywords {
        @Bean
        ServingBackend servingBackend() {
            return new KeywordBackend();
        }
    }

    private static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(RegistryApplication.class);
    }

    /** A registry of its own, for a test that leaves behind what would trouble the others. */
    public static TestRegistry alone() {
        return new TestRegistry();
    }

    private TestRegistry() {
        this(
                application().sources(Keywords.class),
                TestInfrastructure.freshBroker(),
                TestInfrastructure.createDatabase(),
                temporary());
    }

    /** A registry of its own, with the backend that runs models. */
    public static TestRegistry withRealModels() {
        return new TestRegistry(
                application(), TestInfrastructure.freshBroker(), TestInfrastructure.createDatabase(), temporary());
    }

    /** Another process over the same database, broker and artefacts, as far as the gateway can tell. */
    public TestRegistry replica() {
        return new TestRegistry(application().sources(Keywords.class), broker, database, artifacts);
    }

    private TestRegistry(SpringApplicationBuilder application, TestBroker broker, String database, Path artifacts) {
        this.broker = broker;
        this.database = database;
        this.artifacts = artifacts;
        context = application
                .properties("spring.main.allow-bean-definition-overriding=true")
                .run(
                        "--server.port=0",
                        "--spring.datasource.url=" + database,
                        "--spring.datasource.username=" + TestInfrastructure.USER,
                        "--spring.datasource.password=" + TestInfrastructure.PASSWORD,
                        "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "--perennial.shared.artifacts=" + artifacts,
                        "--perennial.registry.rollout.window-polling=200ms",
                        "--perennial.jobs.polling=100ms");
        address = "http://127.0.0.1:"
                + ((WebServerApplicationContext) context).getWebServer().getPort();
        // The context goes before the servers that it uses; both go with the JVM.
        Runtime.getRuntime().addShutdownHook(new Thread(context::close));
    }

    static Path temporary() {
        try {
            return Files.createTempDirectory("registry-it-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer over HTTP. */
    public record Reply(int status, JsonNode body, HttpResponse<byte[]> response) {
        public String code() {
            return body.path("code").asString("");
        }
    }

    public Reply get(String path) {
        return send(HttpRequest.newBuilder(URI.create(address + path)).GET());
    }

    public Reply post(String path, String json) {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    public Reply post(String path, String type, byte[] body) {
        return send(HttpRequest.newBuilder(URI.create(address + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    public Reply put(String path, String type, String body) {
        return send(HttpRequest.newBuilder(URI.create(address + path))
                .header("Content-Type", type)
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
            return new Reply(response.statusCode(), body, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The spec of a new model, with this rollout section. */
    public static String spec(String model, String rollout) {
        return """
                name: %s
                task: {type: classification, labels: [%s]}
                baseModel: all-minilm-l6-v2
                evaluation: {sets: [holdout]}
                rollout: %s
                """.formatted(model, String.join(", ", LABELS), rollout);
    }

    /** Declares a model and returns its name. */
    public String model(String rollout) {
        String model = "model-" + MODELS.incrementAndGet();
        Reply reply = put("/api/models/" + model, "application/yaml", spec(model, rollout));
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.body().toString());
        }
        return model;
    }

    /** Stores an adapter for the keyword backend; {@code trait} is a line such as {@code !wrong}, or empty. */
    public ArtifactRef adapter(String trait) {
        try {
            Path directory = temporary();
            // Distinct content for each: versions do not share artefacts.
            String nonce = "!" + directory.getFileName();
            Files.writeString(
                    directory.resolve("adapter_config.json"), String.join("\n", LABELS) + "\n" + nonce + "\n" + trait);
            return bean(ArtifactStore.class).store(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Publishes that a candidate passed its gate, and waits until it is a version. */
    public int register(String model, String trait) {
        EvaluationCompleted report = report(model, adapter(trait), true, true);
        evaluated(report);
        AtomicInteger version = new AtomicInteger();
        await(() -> {
            schema().jdbc()
                    .sql("select version from registry.version where model = ? and report_id = ?")
                    .params(model, report.reportId())
                    .query(Integer.class)
                    .optional()
                    .ifPresent(version::set);
            return version.get() > 0;
        });
        return version.get();
    }

    public EvaluationCompleted report(String model, ArtifactRef adapter, boolean passed, boolean registrable) {
        String id = adapter.sha256().substring(0, 12);
        TrainingRequested request = new TrainingRequested(
                "run-" + id,
                model,
                1,
                1,
                "all-minilm-l6-v2",
                LABELS,
                new DatasetRef(new ArtifactRef("cd".repeat(32), 99), 42),
                null,
                null,
                TrainingSpec.DEFAULT,
                "cpu-0",
                7);
        return new EvaluationCompleted(
                "report-" + id,
                model,
                "run-" + id,
                request,
                adapter,
                null,
                passed,
                registrable,
                List.of("found " + id),
                List.of(new SetScore("holdout", "accuracy", 100, 0.9, 0.5, null)));
    }

    public void evaluated(EvaluationCompleted report) {
        bean(EventPublisher.class)
                .publish(List.of(new Envelope<>(
                        EventIds.of("test", report.reportId()), "evaluator", Instant.now(), report.model(), report)));
    }

    /** Asks with the text and says what the answer should have been; returns whether it was that. */
    public boolean askAndJudge(String model, String key, String truth) {
        Reply answer = predict(model, key, "it is " + truth);
        Reply feedback = post(
                "/v1/feedback", """
                {"requestId": "%s", "label": "%s"}""".formatted(answer.body().path("requestId").asString(), truth));
        if (feedback.status() != 200) {
            throw new IllegalStateException(feedback.body().toString());
        }
        return answer.body().path("label").asString().equals(truth);
    }

    public Reply predict(String model, String key, String text) {
        Reply reply = post("/v1/models/" + model + "/predict", """
                {"text": "%s", "key": "%s"}""".formatted(text, key));
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.body().toString());
        }
        return reply;
    }

    public JsonNode state(String model) {
        return get("/api/models/" + model).body();
    }

    /** The newest rollout. */
    public JsonNode rollout(String model) {
        return get("/api/models/" + model + "/rollouts").body().path("items").path(0);
    }

    /** Waits until the version answers everybody. */
    public void awaitAnswersFrom(String model, int version) {
        await(() -> {
            Reply reply = post("/v1/models/" + model + "/predict", "{\"text\": \"slow\"}");
            return reply.body().path("version").asInt(0) == version;
        });
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public ServiceSchema schema() {
        return bean(ServiceSchema.class);
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public void close() {
        context.close();
    }

    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 30 seconds");
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
