package dev.perennial.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.common.text.ContentHash;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import dev.perennial.scorer.candidate.Encoders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Scorers with a broker and a database, and a test in the place of all other services. */
final class TestScorer implements AutoCloseable {
    private final TestBroker broker = TestInfrastructure.freshBroker();
    private final String database = TestInfrastructure.createDatabase();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ConfigurableApplicationContext> replicas = new ArrayList<>();
    private final ConcurrentMessageListenerContainer<?, ?> probe;
    final List<Envelope<SampleScored>> scored = new CopyOnWriteArrayList<>();

    /** No weights to load: what a text is about stands in it. */
    @Configuration(proxyBeanMethods = false)
    static class KeywordEncoderConfiguration {
        @Bean
        @Primary
        Encoders testEncoders() {
            return baseModel -> new KeywordEncoder();
        }
    }

    TestScorer() {
        startReplica();
        probe = first().getBean(EventSubscriptions.class)
                .<SampleScored>batch("probe", EventFamily.SAMPLES, Set.of(SampleScored.class), scored::addAll);
        probe.start();
    }

    ConfigurableApplicationContext startReplica() {
        SpringApplication application =
                new SpringApplication(ScorerApplication.class, KeywordEncoderConfiguration.class);
        ConfigurableApplicationContext replica = application.run(
                "--server.port=0",
                "--spring.datasource.url=" + database,
                "--spring.datasource.username=" + TestInfrastructure.USER,
                "--spring.datasource.password=" + TestInfrastructure.PASSWORD,
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--perennial.scorer.cohort-patience=2s",
                "--perennial.jobs.polling=100ms");
        replicas.add(replica);
        return replica;
    }

    ConfigurableApplicationContext first() {
        return replicas.getFirst();
    }

    void publish(List<? extends Envelope<?>> envelopes) {
        first().getBean(EventPublisher.class).publish(envelopes);
    }

    void publish(String id, Event event) {
        publish(List.of(new Envelope<>(id, "probe", Instant.now(), event.model(), event)));
    }

    /** @param quality YAML of the spec's quality part, in braces */
    void declare(String model, String quality) {
        publish("declared-" + model, new ModelDeclared(model, 1, SpecReader.read("""
                name: %s
                task: {type: classification, labels: [billing, offline, slow]}
                baseModel: all-minilm-l6-v2
                quality: %s
                evaluation: {sets: [holdout]}
                """.formatted(model, quality))));
        await(() -> get("/api/models/" + model + "/samples").statusCode() == 200);
    }

    void holdOut(String model, String... texts) {
        publish(
                "holdout-" + model,
                new EvaluationSetDeclared(
                        model,
                        "holdout",
                        0,
                        1,
                        Arrays.stream(texts).map(ContentHash::of).toList()));
        await(() -> jdbc().sql("select count(*) from scorer.held_out where model = ?")
                        .param(model)
                        .query(Integer.class)
                        .single()
                == texts.length);
    }

    void completed(String model, String generationId, int published) {
        publish(
                "completed-" + generationId,
                new GenerationCompleted(generationId, model, published, published, List.of(), 0, "complete"));
    }

    static Envelope<SampleCandidate> synthetic(String model, String id, String generation, String text, String label) {
        String sampleId = EventIds.of("test", model, id);
        return new Envelope<>(
                EventIds.of("candidate", sampleId),
                "generator",
                Instant.parse("2026-01-01T00:00:00Z"),
                sampleId,
                new SampleCandidate(
                        sampleId,
                        model,
                        SampleSource.SYNTHETIC,
                        new LabelledText(text, label),
                        new Provenance("offline", generation, "t@1", null, null, "grammar", List.of())));
    }

    /** Waits for verdicts on this many samples of a model and returns each sample's first one. */
    List<SampleScored> verdicts(String model, int samples) {
        await(() -> distinct(model).size() >= samples);
        return distinct(model);
    }

    private List<SampleScored> distinct(String model) {
        List<String> seen = new ArrayList<>();
        List<SampleScored> distinct = new ArrayList<>();
        for (Envelope<SampleScored> envelope : scored) {
            if (envelope.event().model().equals(model)
                    && !seen.contains(envelope.event().sampleId())) {
                seen.add(envelope.event().sampleId());
                distinct.add(envelope.event());
            }
        }
        return distinct;
    }

    SampleScored verdict(String model, String text) {
        await(() ->
                distinct(model).stream().anyMatch(each -> each.payload().text().equals(text)));
        return distinct(model).stream()
                .filter(each -> each.payload().text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    JdbcClient jdbc() {
        return JdbcClient.create(first().getBean(javax.sql.DataSource.class));
    }

    HttpResponse<String> upload(String model, String mediaType, String body, String query) {
        return send(request("/api/models/" + model + "/samples" + query)
                .header("Content-Type", mediaType)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    JsonNode json(String path) {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private HttpRequest.Builder request(String path) {
        int port = ((WebServerApplicationContext) first()).getWebServer().getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited too long").isBefore(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        probe.stop();
        replicas.forEach(ConfigurableApplicationContext::close);
        broker.close();
    }
}
