package dev.perennial.scheduler;

import static dev.perennial.scheduler.TestScheduler.await;
import static dev.perennial.scheduler.TestScheduler.json;
import static dev.perennial.scheduler.TestScheduler.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.event.LabelErrors;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.messaging.Envelope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchedulerIT {
    private static final String NEVER = "{every: 1000000}";

    private TestScheduler scheduler;

    @BeforeAll
    void start(@TempDir Path artifacts) {
        scheduler = new TestScheduler(artifacts, "--perennial.scheduler.straggler-patience=3s");
    }

    @AfterAll
    void stop() {
        scheduler.close();
    }

    @Test
    void enough_accepted_samples_start_a_round_that_trains_on_them_but_not_on_evaluation_texts() {
        scheduler.declare("every", "{every: 60 samples}");
        scheduler.holdOut("every", "REAL billing, 3");
        List<Envelope<SampleScored>> samples = scheduler.real("every", 20);

        scheduler.publishAll(samples.subList(0, 59));
        scheduler.publishAll(samples);
        TrainingRequested request = scheduler.training("every", 1);

        assertThat(request.parent()).isNull();
        assertThat(request.labels()).containsExactly("billing", "outage", "router");
        assertThat(request.slot()).isEqualTo("cpu-0");
        List<JsonNode> texts = texts(request);
        assertThat(texts)
                .hasSize(59)
                .noneMatch(line -> line.get("text").asString().equals("real billing 3"));
        finish(request);
        assertThat(json(scheduler.get("/api/models/every/datasets"))
                        .get("items")
                        .get(0)
                        .get("runId")
                        .asString())
                .isEqualTo(request.runId());
    }

    @Test
    void samples_are_counted_once_however_often_they_are_delivered() {
        scheduler.declare("counted", NEVER);
        List<Envelope<SampleScored>> samples = new ArrayList<>(scheduler.real("counted", 10));
        samples.add(sample("counted", "refused", "billing", null, false));

        scheduler.publishAll(samples);
        scheduler.publishAll(samples);
        scheduler.publishAll(List.of(sample("counted", "last", "billing", null, true)));

        JsonNode pool = await("last sample", () -> {
            JsonNode view = json(scheduler.get("/api/models/counted/pool"));
            return view.get("real").asInt() == 31 ? view : null;
        });
        assertThat(pool.get("rejected").asInt()).isEqualTo(1);
        assertThat(pool.get("sinceSnapshot").asInt()).isEqualTo(31);
        assertThat(pool.get("labels").get(0).get("real").asInt()).isEqualTo(11);
    }

    @Test
    void a_drift_alarm_generates_for_the_bad_labels_and_trains_on_all_that_was_accepted_and_the_past() {
        scheduler.declare("drifting", "{every: 60}");
        scheduler.publishAll(scheduler.real("drifting", 20));
        finish(scheduler.training("drifting", 1));
        scheduler.live("drifting", 1, "router", "billing", "outage");

        scheduler.drift("drifting", 1, new LabelErrors("router", 20, 30), new LabelErrors("outage", 10, 30));
        GenerationRequested wanted = scheduler.generation("drifting", 1);
        assertThat(wanted.samplesPerLabel()).isEqualTo(Map.of("router", 20, "outage", 10));
        assertThat(wanted.reason()).contains("router 20/30");
        scheduler.publishAll(List.of(
                generated(wanted, "new modem blinks", true),
                generated(wanted, "mesh box drops", true),
                generated(wanted, "copied", false)));
        scheduler.generated(wanted, 3, "complete");

        TrainingRequested request = scheduler.training("drifting", 2);
        assertThat(request.parentVersion()).isEqualTo(1);
        assertThat(request.labels()).containsExactly("router", "billing", "outage");
        assertThat(texts(request).stream()
                        .filter(line -> line.get("source").asString().equals("SYNTHETIC")))
                .extracting(line -> line.get("text").asString())
                .containsExactlyInAnyOrder("new modem blinks", "mesh box drops");
        assertThat(texts(request)).hasSize(62);
        finish(request);
    }

    @Test
    void a_round_shows_what_it_waits_for_and_goes_on_without_stragglers() {
        scheduler.declare("slow", NEVER);
        scheduler.publishAll(scheduler.real("slow", 5));
        awaitReal("slow", 15);

        assertThat(scheduler.post("/api/models/slow/rounds", "{}").statusCode()).isEqualTo(201);
        GenerationRequested wanted = scheduler.generation("slow", 1);
        scheduler.publishAll(List.of(generated(wanted, "only one came", true)));
        scheduler.generated(wanted, 3, "complete");

        JsonNode waiting = scheduler.round("slow", 1, "COLLECTING");
        assertThat(waiting.get("generation").get("published").asInt()).isEqualTo(3);
        await(
                "one arrived",
                () -> scheduler
                                        .round("slow", 1, "COLLECTING")
                                        .get("generation")
                                        .get("arrived")
                                        .asInt()
                                == 1
                        ? true
                        : null);
        assertThat(texts(scheduler.training("slow", 1))).hasSize(16);
        finish(scheduler.training("slow", 1));
    }

    @Test
    void a_generation_that_gives_nothing_ends_the_round_with_the_reason() {
        scheduler.declare("empty", NEVER);
        scheduler.post("/api/models/empty/rounds", "{\"labels\": [\"router\"]}");
        GenerationRequested wanted = scheduler.generation("empty", 1);
        assertThat(wanted.samplesPerLabel()).isEqualTo(Map.of("router", 30));
        scheduler.generated(wanted, 0, "budget-exhausted");

        assertThat(scheduler.round("empty", 1, "FAILED").get("failure").asString())
                .contains("budget-exhausted");
    }

    @Test
    void a_round_without_enough_samples_says_so() {
        scheduler.declare("bare", NEVER);
        assertThat(scheduler
                        .post("/api/models/bare/rounds", "{\"generate\": false}")
                        .statusCode())
                .isEqualTo(201);

        assertThat(scheduler.round("bare", 1, "FAILED").get("failure").asString())
                .contains("at least 2");
    }

    @Test
    void a_wish_for_a_round_while_one_is_open_is_remembered() {
        scheduler.declare("busy", NEVER);
        scheduler.publishAll(scheduler.real("busy", 3));
        awaitReal("busy", 9);
        assertThat(scheduler
                        .post("/api/models/busy/rounds", "{\"generate\": false}")
                        .statusCode())
                .isEqualTo(201);
        var second = scheduler.post("/api/models/busy/rounds", "{\"generate\": false, \"reason\": \"again\"}");
        assertThat(second.statusCode()).isEqualTo(202);

        scheduler.trainingFailed(scheduler.training("busy", 1), "no such base model");
        assertThat(scheduler.round("busy", 1, "FAILED").get("failure").asString())
                .contains("no such base model");
        TrainingRequested next = scheduler.training("busy", 2);
        assertThat(json(scheduler.get("/api/models/busy/rounds"))
                        .get("items")
                        .get(0)
                        .get("reason")
                        .asString())
                .isEqualTo("again");
        finish(next);
    }

    @Test
    void runs_take_turns_on_the_slot_by_priority_then_age() {
        for (String model : List.of("first", "later", "urgent")) {
            scheduler.declare(model, model.equals("urgent") ? "{every: 1000000, priority: 5}" : NEVER);
            scheduler.publishAll(scheduler.real(model, 2));
            awaitReal(model, 6);
            scheduler.post("/api/models/" + model + "/rounds", "{\"generate\": false}");
            await(model + " is queued or trains", () -> {
                String state = json(scheduler.get("/api/models/" + model + "/rounds/1"))
                        .get("state")
                        .asString();
                return state.equals("QUEUED") || state.equals("TRAINING") ? state : null;
            });
        }
        TrainingRequested first = scheduler.training("first", 1);
        JsonNode queue = json(scheduler.get("/api/queue"));
        assertThat(queue.get("slots").get(0).get("model").asString()).isEqualTo("first");
        assertThat(queue.get("queued").findValuesAsString("model")).containsExactly("urgent", "later");

        finish(first);
        TrainingRequested urgent = scheduler.training("urgent", 1);
        assertThat(scheduler.requests(TrainingRequested.class))
                .noneMatch(request -> request.model().equals("later"));
        finish(urgent);
        finish(scheduler.training("later", 1));
    }

    @Test
    void a_verdict_that_overtakes_the_end_of_training_still_ends_the_round_and_frees_the_slot() {
        scheduler.declare("hasty", NEVER);
        scheduler.publishAll(scheduler.real("hasty", 2));
        awaitReal("hasty", 6);
        scheduler.post("/api/models/hasty/rounds", "{\"generate\": false}");
        TrainingRequested request = scheduler.training("hasty", 1);

        scheduler.evaluated(request, false);
        JsonNode round = scheduler.round("hasty", 1, "FINISHED");
        assertThat(round.get("passed").asBoolean()).isFalse();
        scheduler.trained(request);
        assertThat(json(scheduler.get("/api/queue"))
                        .get("slots")
                        .get(0)
                        .get("runId")
                        .isNull())
                .isTrue();
    }

    @Test
    void unknown_models_and_rounds_are_refused_with_what_to_do() {
        assertThat(scheduler.post("/api/models/nobody/rounds", "{}").statusCode())
                .isEqualTo(404);
        scheduler.declare("known", NEVER);
        assertThat(scheduler.get("/api/models/known/rounds/7").body()).contains("round-unknown");
        assertThat(scheduler
                        .post("/api/models/known/rounds", "{\"labels\": [\"wifi\"]}")
                        .body())
                .contains("label-unknown");
        assertThat(scheduler.post("/api/models/known/rounds", "{\"generate\": ").statusCode())
                .isEqualTo(400);
    }

    private void finish(TrainingRequested request) {
        scheduler.trained(request);
        scheduler.evaluated(request, true);
        scheduler.round(request.model(), request.round(), "FINISHED");
    }

    private void awaitReal(String model, int samples) {
        await(
                samples + " real samples",
                () -> json(scheduler.get("/api/models/" + model + "/pool"))
                                        .get("real")
                                        .asInt()
                                == samples
                        ? true
                        : null);
    }

    private List<JsonNode> texts(TrainingRequested request) {
        return Stream.concat(
                        scheduler.lines(request.dataset(), "train.jsonl").stream(),
                        scheduler.lines(request.dataset(), "validation.jsonl").stream())
                .toList();
    }

    private static Envelope<SampleScored> generated(GenerationRequested wanted, String text, boolean accepted) {
        return sample(wanted.model(), text, "router", wanted.generationId(), accepted);
    }
}
