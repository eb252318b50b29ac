package dev.perennial.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.event.DatasetRef;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.event.LabelErrors;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.event.Stage;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.event.TrainingEvent.TrainingFailed;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.common.messaging.EventSubscriptions;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.common.text.ContentHash;
import dev.perennial.embedded.TestBroker;
import dev.perennial.embedded.TestInfrastructure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A scheduler with its broker and database, and a test in the place of all other services. */
final class TestScheduler implements AutoCloseable {
    private final TestBroker broker = TestInfrastructure.freshBroker();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Event> seen = new CopyOnWriteArrayList<>();
    private final List<ConcurrentMessageListenerContainer<?, ?>> probes = new ArrayList<>();
    final ConfigurableApplicationContext context;
    private long sequence;

    TestScheduler(Path artifacts, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.datasource.url=" + TestInfrastructure.createDatabase(),
                "--spring.datasource.username=" + TestInfrastructure.USER,
                "--spring.datasource.password=" + TestInfrastructure.PASSWORD,
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--perennial.shared.artifacts=" + artifacts,
                "--perennial.jobs.polling=50ms"));
        arguments.addAll(List.of(more));
        context = SpringApplication.run(SchedulerApplication.class, arguments.toArray(String[]::new));
        watch(EventFamily.GENERATION, GenerationRequested.class);
        watch(EventFamily.TRAINING, TrainingRequested.class);
    }

    private <E extends Event> void watch(EventFamily family, Class<E> type) {
        var probe = context.getBean(EventSubscriptions.class)
                .<E>batch(
                        "probe", family, Set.of(type), batch -> batch.forEach(envelope -> seen.add(envelope.event())));
        probe.start();
        probes.add(probe);
    }

    void publish(String id, Event event) {
        publishAll(List.of(new Envelope<>(id, "probe", Instant.now(), event.model(), event)));
    }

    void publishAll(List<? extends Envelope<?>> envelopes) {
        context.getBean(EventPublisher.class).publish(envelopes);
    }

    void declare(String name, String scheduling) {
        publish("declared-" + name, new ModelDeclared(name, 1, SpecReader.read("""
                name: %s
                task: {type: classification, labels: [billing, outage, router]}
                baseModel: all-minilm-l6-v2
                generation: {template: intents, perRound: 30}
                scheduling: %s
                evaluation: {sets: [holdout]}
                """.formatted(name, scheduling))));
        await("declared", () -> get("/api/models/" + name + "/pool").statusCode() == 200 ? name : null);
    }

    void live(String model, int version, String... labels) {
        publish(
                "live-" + model + version,
                new VersionChanged(
                        model,
                        version,
                        Stage.LIVE,
                        100,
                        "all-minilm-l6-v2",
                        List.of(labels),
                        ADAPTER,
                        null,
                        "test",
                        ++sequence,
                        Instant.now()));
    }

    static final ArtifactRef ADAPTER = new ArtifactRef("a".repeat(64), 10);

    void holdOut(String model, String text) {
        publish("set-" + text, new EvaluationSetDeclared(model, "holdout", 1, 1, List.of(ContentHash.of(text))));
    }

    void drift(String model, int version, LabelErrors... labels) {
        publish(
                "drift-" + model + version,
                new DriftDetected(
                        "drift-" + model + version,
                        model,
                        version,
                        "adwin",
                        0.05,
                        0.4,
                        List.of(labels),
                        Instant.now()));
    }

    static Envelope<SampleScored> sample(
            String model, String text, String label, @Nullable String generationId, boolean accepted) {
        String id = EventIds.of("test", model, text);
        return new Envelope<>(
                id,
                "scorer",
                Instant.now(),
                id,
                new SampleScored(
                        id,
                        model,
                        generationId == null ? SampleSource.REAL : SampleSource.SYNTHETIC,
                        generationId,
                        new LabelledText(text, label),
                        ContentHash.of(text),
                        accepted,
                        1,
                        Map.of(),
                        accepted ? List.of() : List.of("nearDuplicate")));
    }

    List<Envelope<SampleScored>> real(String model, int perLabel) {
        List<Envelope<SampleScored>> samples = new ArrayList<>();
        for (int i = 0; i < perLabel; i++) {
            for (String label : List.of("billing", "outage", "router")) {
                samples.add(sample(model, "real " + label + " " + i, label, null, true));
            }
        }
        return samples;
    }

    void generated(GenerationRequested request, int published, String outcome) {
        publish(
                "generated-" + request.generationId(),
                new GenerationCompleted(request.generationId(), request.model(), 30, published, List.of(), 0, outcome));
    }

    void trained(TrainingRequested request) {
        publish(
                "trained-" + request.runId(),
                new TrainingCompleted(
                        request.runId(),
                        request.model(),
                        request,
                        ADAPTER,
                        3,
                        2,
                        0.9,
                        0.1,
                        1000,
                        Duration.ofSeconds(3)));
    }

    void trainingFailed(TrainingRequested request, String reason) {
        publish(
                "failed-" + request.runId(),
                new TrainingFailed(request.runId(), request.model(), request.round(), reason));
    }

    void evaluated(TrainingRequested request, boolean passed) {
        publish(
                "evaluated-" + request.runId(),
                new EvaluationCompleted(
                        "report-" + request.round(),
                        request.model(),
                        request.runId(),
                        request,
                        ADAPTER,
                        null,
                        passed,
                        true,
                        List.of(),
                        List.of()));
    }

    TrainingRequested training(String model, int round) {
        return await(
                "training of " + model + " " + round,
                () -> requests(TrainingRequested.class).stream()
                        .filter(request -> request.model().equals(model) && request.round() == round)
                        .findFirst()
                        .orElse(null));
    }

    GenerationRequested generation(String model, int nth) {
        return await(
                "generation of " + model,
                () -> requests(GenerationRequested.class).stream()
                        .filter(request -> request.model().equals(model))
                        .skip(nth - 1)
                        .findFirst()
                        .orElse(null));
    }

    <E extends Event> List<E> requests(Class<E> type) {
        return seen.stream().filter(type::isInstance).map(type::cast).toList();
    }

    JsonNode round(String model, int round, String state) {
        return await(model + " round " + round + " " + state, () -> {
            HttpResponse<String> response = get("/api/models/" + model + "/rounds/" + round);
            JsonNode view = json(response);
            return response.statusCode() == 200 && view.get("state").asString().equals(state) ? view : null;
        });
    }

    List<JsonNode> lines(DatasetRef dataset, String file) {
        try {
            return Files.readAllLines(context.getBean(ArtifactStore.class)
                            .open(dataset.artifact())
                            .resolve(file))
                    .stream()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> post(String path, String json) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private URI uri(String path) {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static <T> T await(String what, Supplier<@Nullable T> probe) {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (true) {
            T found = probe.get();
            if (found != null) {
                return found;
            }
            assertThat(System.nanoTime()).as("waited 40 s for: " + what).isLessThan(deadline);
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
        probes.forEach(ConcurrentMessageListenerContainer::stop);
        context.close();
        http.close();
        broker.close();
    }
}
