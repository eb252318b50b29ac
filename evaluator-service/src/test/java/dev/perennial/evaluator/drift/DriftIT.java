package dev.perennial.evaluator.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.LabelErrors;
import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.evaluator.EvaluatorServer;
import dev.perennial.evaluator.EvaluatorServer.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftIT {
    private static final ArtifactRef ADAPTER = new ArtifactRef("0".repeat(64), 1);
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    static Path artifacts;

    static EvaluatorServer server;

    @BeforeAll
    static void start() {
        server = new EvaluatorServer(artifacts);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void is_detected_once_with_the_labels_that_went_bad_and_each_feedback_counts_once() {
        server.declare("drifting", "holdout");
        server.live("drifting", 1, ADAPTER);
        // Every 20th answer wrong, then also every answer on routers.
        FeedbackReceived[] calm = feedback("drifting", 1, 0, 200, 0);
        FeedbackReceived[] drifted = feedback("drifting", 1, 200, 220, 1);

        server.publish("same-partition", calm);
        server.publish("same-partition", calm);
        await("drifting", 200);
        server.publish("same-partition", drifted);
        server.publish("same-partition", drifted);
        server.publish("same-partition", calm);
        await("drifting", 420);

        List<DriftDetected> alarms = server.published(DriftDetected.class, "drifting", 1);
        assertThat(alarms).hasSize(1);
        DriftDetected alarm = alarms.getFirst();
        assertThat(alarm.version()).isEqualTo(1);
        assertThat(alarm.detector()).isEqualTo("adwin");
        assertThat(alarm.errorRateBefore()).isEqualTo(0.05, within(0.03));
        assertThat(alarm.errorRateAfter()).isGreaterThan(0.25);
        assertThat(alarm.labels()).extracting(LabelErrors::label).containsExactly("router");

        Answer answer = server.get("/api/models/drifting/drift");
        assertThat(answer.body().at("/now/samples").asInt()).isEqualTo(420);
        assertThat(answer.body().at("/now/alarmed").asBoolean()).isTrue();
        assertThat(answer.body().at("/alarms/total").asInt()).isEqualTo(1);
        assertThat(answer.body().at("/alarms/items/0/labels/0/label").asString())
                .isEqualTo("router");
        double rate = Objects.requireNonNull(server.bean(MeterRegistry.class)
                        .find("perennial.drift.error.rate")
                        .tag("model", "drifting")
                        .gauge())
                .value();
        assertThat(rate).isEqualTo(answer.body().at("/now/errorRate").asDouble(), within(1e-9));
    }

    @Test
    void starts_afresh_with_another_live_version_and_listens_to_no_other() {
        server.declare("replaced", "holdout");
        server.live("replaced", 1, ADAPTER);
        server.publish("p", feedback("replaced", 1, 0, 200, 0));
        server.publish("p", feedback("replaced", 1, 200, 220, 1));
        await("replaced", 420);

        server.live("replaced", 2, ADAPTER);
        server.publish("p", feedback("replaced", 1, 450, 50, 1));
        server.publish("p", feedback("replaced", 2, 600, 120, 0));
        await("replaced", 120);
        server.publish("p", feedback("replaced", 2, 800, 220, 1));
        await("replaced", 340);

        assertThat(server.published(DriftDetected.class, "replaced", 2))
                .extracting(DriftDetected::version)
                .containsExactly(1, 2);
    }

    @Test
    void a_consumer_that_waited_for_the_watch_does_not_move_it_back_to_a_replaced_version() {
        server.declare("raced", "holdout");
        server.live("raced", 1, ADAPTER);
        DriftWatch watch = server.bean(DriftWatch.class);
        watch.handle(envelopes(feedback("raced", 1, 0, 10, 0)));
        ServiceSchema schema = server.bean(ServiceSchema.class);

        CompletableFuture<Void> late =
                Objects.requireNonNull(schema.transactions().execute(status -> {
                    schema.jdbc()
                            .sql(
                                    "update evaluator.drift_watch set version = 2, epoch = 2, samples = 0 where model = 'raced'")
                            .update();
                    CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                            () -> watch.handle(envelopes(feedback("raced", 1, 10, 10, 0))), Thread::startVirtualThread);
                    EvaluatorServer.await(
                            () -> CompletableFuture.supplyAsync(() -> waitsForALock(schema), Thread::startVirtualThread)
                                    .join());
                    server.live("raced", 2, ADAPTER);
                    return waiting;
                }));
        late.join();

        assertThat(watch.status("raced")).hasValueSatisfying(status -> {
            assertThat(status.version()).isEqualTo(2);
            assertThat(status.samples()).isZero();
        });
    }

    private static boolean waitsForALock(ServiceSchema schema) {
        return schema.jdbc().sql("""
                        select count(*) > 0 from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """).query(Boolean.class).single();
    }

    private static List<Envelope<FeedbackReceived>> envelopes(FeedbackReceived... feedback) {
        return Stream.of(feedback)
                .map(received -> new Envelope<>(received.feedbackId(), "test", AT, received.model(), received))
                .toList();
    }

    @Test
    void has_nothing_to_say_before_the_first_feedback_or_of_unknown_models() {
        server.declare("quiet", "holdout");

        assertThat(server.get("/api/models/quiet/drift").body().at("/now").isNull())
                .isTrue();
        assertThat(server.get("/api/models/nobody/drift").text("code")).isEqualTo("model-unknown");
        assertThat(server.get("/api/models/quiet/drift?size=0").text("code")).isEqualTo("invalid-page");
    }

    private static void await(String model, int samples) {
        EvaluatorServer.await(() -> server.bean(DriftWatch.class)
                .status(model)
                .filter(status -> status.samples() == samples)
                .isPresent());
    }

    /** Answers on tv, bill and router in turn; with {@code bad} 1 those on routers are all wrong. */
    private static FeedbackReceived[] feedback(String model, int version, int from, int count, int bad) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> {
                    String truth = List.of("tv", "bill", "router").get(i % 3);
                    boolean correct = i % 20 != 0 && !(bad == 1 && truth.equals("router"));
                    String predicted = correct ? truth : truth.equals("tv") ? "bill" : "tv";
                    return new FeedbackReceived(
                            model + "-" + i, "r" + i, model, version, predicted, truth, null, correct, AT);
                })
                .toArray(FeedbackReceived[]::new);
    }
}
