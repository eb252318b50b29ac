package dev.perennial.evaluator;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.EventJson;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.embedded.TestInfrastructure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** A running evaluator with real servers beneath, shared by the tests of a class: each uses models of its own. */
public final class EvaluatorServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> LABELS = List.of("tv", "bill", "router");

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String database = TestInfrastructure.createDatabase();

    /** Starts it; what {@code more} defines comes on top. */
    public EvaluatorServer(Path artifacts, Class<?>... more) {
        Class<?>[] sources = new Class<?>[more.length + 1];
        sources[0] = EvaluatorApplication.class;
        System.arraycopy(more, 0, sources, 1, more.length);
        context = new SpringApplicationBuilder(sources)
                .run(
                        "--spring.datasource.url=" + database,
                        "--spring.datasource.username=" + TestInfrastructure.USER,
                        "--spring.datasource.password=" + TestInfrastructure.PASSWORD,
                        "--spring.kafka.bootstrap-servers=" + TestInfrastructure.bootstrapServers(),
                        "--server.port=0",
                        "--perennial.shared.artifacts=" + artifacts);
    }

    @Override
    public void close() {
        context.close();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Declares a model with the labels tv, bill and router and waits until the evaluator knows it. */
    public void declare(String model, String... sets) {
        var spec = SpecReader.read("""
                name: %s
                task: {type: classification, labels: [tv, bill, router]}
                baseModel: all-minilm-l6-v2
                evaluation: {sets: [%s]}
                """.formatted(model, String.join(", ", sets)));
        publish(model, new ModelDeclared(model, 1, spec));
        ModelCatalog catalog = bean(ModelCatalog.class);
        await(() -> catalog.find(model).isPresent());
    }

    /** Makes a version live and waits until the evaluator knows it. */
    public void live(String model, int version, ArtifactRef adapter) {
        publish(
                model + "/" + version,
                new VersionChanged(
                        model,
                        version,
                        Stage.LIVE,
                        100,
                        "all-minilm-l6-v2",
                        LABELS,
                        adapter,
                        "run",
                        "test",
                        version,
                        Instant.now()));
        ModelCatalog catalog = bean(ModelCatalog.class);
        await(() -> catalog.version(model, Stage.LIVE)
                .filter(live -> live.version() == version)
                .isPresent());
    }

    /** Publishes events, each under an id of its own content, so that the same event twice is a redelivery. */
    public void publish(String key, Event... events) {
        List<Envelope<?>> envelopes = new ArrayList<>();
        for (Event event : events) {
            String id = EventIds.of("test", key, new String(EventJson.write(event), StandardCharsets.UTF_8));
            envelopes.add(new Envelope<>(id, "test", Instant.now(), key, event));
        }
        bean(EventPublisher.class).publish(envelopes);
    }

    /** Waits until there are {@code least} events of this type and model, and returns all there are. */
    public <T extends Event> List<T> published(Class<T> type, String model, int least) {
        List<T> found = new ArrayList<>();
        EventFamily family = EventFamily.valueOf(
                type.getDeclaringClass().getSimpleName().replace("Event", "").toUpperCase(Locale.ROOT));
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        TestInfrastructure.bootstrapServers(),
                        "group.id",
                        UUID.randomUUID().toString(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(family.topic()));
            Runnable poll = () -> consumer.poll(Duration.ofMillis(500)).forEach(message -> {
                Event event = EventJson.read(family, header(message, "ce_type"), message.value());
                if (type.isInstance(event) && event.model().equals(model)) {
                    found.add(type.cast(event));
                }
            });
            await(() -> {
                poll.run();
                return found.size() >= least;
            });
            poll.run(); // what follows at once is one too many, and belongs into the answer
        }
        return found;
    }

    private static String header(ConsumerRecord<String, byte[]> message, String name) {
        return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** An answer over HTTP. */
    public record Answer(int status, JsonNode body) {
        public String text(String key) {
            return body.path(key).asString("");
        }
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    public Answer put(String path, String contentType, String body) {
        return send(request(path)
                .header("Content-Type", contentType)
                .PUT(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8)));
    }

    private HttpRequest.Builder request(String path) {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), SpecReader.storedMapper().readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until something holds. */
    public static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("did not come true within " + PATIENCE);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
