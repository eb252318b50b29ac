package dev.perennial.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The generator as a whole against a real database and broker, and what it published. */
public final class GeneratorProbe implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String database = TestInfrastructure.createDatabase();
    private final TestBroker broker;
    private final List<Envelope<? extends Event>> published = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext context;

    public GeneratorProbe(TestBroker broker) {
        this.broker = broker;
    }

    /** Starts the service; after {@link #stop} it finds what it left. */
    public GeneratorProbe start(String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.datasource.url=" + database,
                "--spring.datasource.username=" + TestInfrastructure.USER,
                "--spring.datasource.password=" + TestInfrastructure.PASSWORD,
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--server.port=0",
                "--perennial.jobs.heartbeat=500ms",
                "--perennial.jobs.polling=200ms"));
        arguments.addAll(List.of(settings));
        context = new SpringApplicationBuilder(GeneratorApplication.class)
                .web(WebApplicationType.SERVLET)
                .run(arguments.toArray(String[]::new));
        if (published.isEmpty()) {
            listen();
        }
        return this;
    }

    /** Ends the service as a crash would look to its successor, but for the connections that are closed. */
    public void stop() {
        context.close();
    }

    private void listen() {
        EventSubscriptions subscriptions = context.getBean(EventSubscriptions.class);
        String group = "probe-" + UUID.randomUUID();
        subscriptions
                .batch(group, EventFamily.SAMPLES, Set.of(SampleCandidate.class), published::addAll)
                .start();
        subscriptions
                .batch(group, EventFamily.GENERATION, Set.of(GenerationCompleted.class), published::addAll)
                .start();
    }

    public void declare(ModelSpec spec) {
        publish("declare-" + spec.name(), spec.name(), new ModelDeclared(spec.name(), 1, spec));
    }

    public void request(String generationId, String model, Map<String, Integer> samples) {
        publish(
                "request-" + generationId,
                model,
                new GenerationRequested(generationId, model, 1, samples, "command", 42));
    }

    public void publish(String id, String key, Event event) {
        context.getBean(EventPublisher.class).publish(List.of(new Envelope<>(id, "probe", Instant.now(), key, event)));
    }

    /** The distinct candidates of a run, by event id. */
    public List<SampleCandidate> candidates(String generationId) {
        return published.stream()
                .map(Envelope::event)
                .filter(SampleCandidate.class::isInstance)
                .map(SampleCandidate.class::cast)
                .filter(candidate -> generationId.equals(candidate.provenance().generationId()))
                .distinct()
                .toList();
    }

    public GenerationCompleted completed(String generationId) {
        await(() -> find(generationId) != null);
        GenerationCompleted completed = Objects.requireNonNull(find(generationId));
        await(() -> candidates(generationId).size() >= completed.published());
        return completed;
    }

    private GenerationCompleted find(String generationId) {
        return published.stream()
                .map(Envelope::event)
                .filter(GenerationCompleted.class::isInstance)
                .map(GenerationCompleted.class::cast)
                .filter(event -> event.generationId().equals(generationId))
                .findFirst()
                .orElse(null);
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(context.getBean(javax.sql.DataSource.class));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** An answer over HTTP. */
    public record Answer(int status, JsonNode json) {
        public String code() {
            return json.path("code").stringValue("");
        }
    }

    public Answer put(String path, String contentType, String body) {
        return send(request(path)
                .header("Content-Type", contentType)
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    public Answer get(String path) {
        return send(request(path).build());
    }

    private HttpRequest.Builder request(String path) {
        String port = Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("patience").isBefore(end);
            try {
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}
