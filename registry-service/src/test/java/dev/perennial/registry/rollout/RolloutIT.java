package dev.perennial.registry.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.registry.TestRegistry;
import dev.perennial.registry.TestRegistry.Reply;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class RolloutIT {
    private static final String QUICK = "{steps: [20, 50, 100], minRequests: 5, window: 60s}";

    private final TestRegistry registry = TestRegistry.shared();

    @Test
    void the_first_version_goes_live_at_once_and_a_good_second_one_earns_all_traffic_by_feedback() {
        String model = registry.model(QUICK);
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        registry.register(model, "");
        assertThat(registry.state(model).path("canaryPercent").asInt()).isEqualTo(20);

        int asked = 0;
        while (registry.state(model).path("live").asInt() == 1 && asked < 300) {
            registry.askAndJudge(model, "caller-" + asked++, "offline");
        }

        assertThat(registry.state(model).path("live").asInt()).isEqualTo(2);
        assertThat(registry.rollout(model).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(kinds(model))
                .containsExactly("LIVE", "CANARY", "CANARY", "REGISTERED", "LIVE", "REGISTERED", "DECLARED");
        assertThat(registry.predict(model, "anyone", "slow")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void a_bad_canary_is_taken_back_after_a_few_wrong_answers_and_never_again_answers() {
        String model = registry.model(QUICK);
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        registry.register(model, "!wrong");
        int wrong = 0;
        int asked = 0;
        while (registry.rollout(model).path("state").asString().equals("CANARY") && asked < 300) {
            wrong += registry.askAndJudge(model, "caller-" + asked++, "offline") ? 0 : 1;
        }

        assertThat(registry.rollout(model).path("cause").asString()).isEqualTo("QUALITY");
        assertThat(wrong).isBetween(1, 8);
        for (int i = 0; i < 50; i++) {
            assertThat(registry.askAndJudge(model, "caller-" + i, "offline")).isTrue();
        }
        assertThat(registry.state(model).path("live").asInt()).isEqualTo(1);
        var change = registry.get("/api/models/" + model + "/timeline").body().at("/items/0");
        assertThat(change.path("kind").asString()).isEqualTo("ROLLED_BACK");
        assertThat(change.at("/evidence/canary/incorrect").asInt()).isEqualTo(wrong);
    }

    @Test
    void a_canary_that_throws_costs_no_caller_an_answer_and_is_taken_back() {
        String model = registry.model(QUICK);
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        registry.register(model, "!broken");

        for (int asked = 0; asked < 60; asked++) {
            assertThat(registry.predict(model, "caller-" + asked, "offline")
                            .body()
                            .path("label")
                            .asString())
                    .isEqualTo("offline");
        }

        TestRegistry.await(
                () -> registry.rollout(model).path("cause").asString("").equals("HEALTH"));
    }

    @Test
    void a_window_without_feedback_pauses_and_a_newer_candidate_takes_over() {
        String model = registry.model("{steps: [10, 100], minRequests: 5, window: 1s}");
        registry.register(model, "");
        registry.register(model, "");
        TestRegistry.await(
                () -> registry.rollout(model).path("state").asString().equals("PAUSED"));

        registry.register(model, "");

        assertThat(registry.rollout(model).path("version").asInt()).isEqualTo(3);
        assertThat(kinds(model)).contains("PAUSED", "ABORTED");
    }

    @Test
    void a_model_that_cannot_be_judged_holds_up_no_other() {
        List<String> models = Stream.of(0, 1)
                .map(_ -> registry.model("{steps: [10, 100], minRequests: 5, window: 1s}"))
                .sorted()
                .toList();
        models.forEach(model -> {
            registry.register(model, "");
            registry.awaitAnswersFrom(model, 1);
        });
        String sick = models.getFirst();
        String well = models.getLast();
        registry.register(sick, "");
        turn(sick, "task", "ksat");
        try {
            registry.register(well, "");
            TestRegistry.await(
                    () -> registry.rollout(well).path("state").asString().equals("PAUSED"));
        } finally {
            turn(sick, "ksat", "task");
        }
        TestRegistry.await(() -> registry.rollout(sick).path("state").asString().equals("PAUSED"));
    }

    /** Makes the stored spec unreadable, or readable again. */
    private void turn(String model, String from, String to) {
        registry.schema()
                .jdbc()
                .sql("update registry.spec set spec = replace(spec::text, ?, ?)::jsonb where model = ?")
                .params("\"" + from + "\":", "\"" + to + "\":", model)
                .update();
    }

    @Test
    void a_rollback_by_command_answers_with_the_version_before_at_once() {
        String model = registry.model("{steps: [100]}");
        registry.register(model, "");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 2);

        long started = System.nanoTime();
        Reply reply = registry.post("/api/models/" + model + "/rollback", "{\"reason\": \"complaints\"}");
        int version =
                registry.predict(model, "k", "slow").body().path("version").asInt();
        long millis = (System.nanoTime() - started) / 1_000_000;

        assertThat(reply.body().path("live").asInt()).isEqualTo(1);
        assertThat(version).isEqualTo(1);
        assertThat(millis).isLessThan(1000);
        assertThat(registry.post("/api/models/" + model + "/rollback", "{}").code())
                .isEqualTo("no-previous-version");
        assertThat(registry.predict(model, "k", "slow").body().path("version").asInt())
                .isEqualTo(1);
    }

    @Test
    void commands_pause_resume_abort_and_retry_a_rollout() {
        String model = registry.model(QUICK);
        registry.register(model, "");
        assertThat(command(model, "abort").code()).isEqualTo("no-rollout");
        registry.register(model, "");

        assertThat(command(model, "pause").body().path("state").asString()).isEqualTo("PAUSED");
        assertThat(command(model, "resume").body().path("state").asString()).isEqualTo("CANARY");
        assertThat(command(model, "abort").body().path("state").asString()).isEqualTo("ABORTED");
        assertThat(registry.state(model).path("live").asInt()).isEqualTo(1);
        assertThat(command(model, "retry").body().path("number").asInt()).isEqualTo(2);
        assertThat(command(model, "promote").body().path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(registry.state(model).path("live").asInt()).isEqualTo(2);
    }

    @Test
    void the_time_line_knows_what_was_live_at_any_moment() {
        String model = registry.model("{steps: [100]}");
        Instant nothing = Instant.now();
        registry.register(model, "");
        Instant first = Instant.now();
        registry.register(model, "");

        assertThat(at(model, nothing).body().path("live").isNull()).isTrue();
        assertThat(at(model, first).body().path("live").asInt()).isEqualTo(1);
        assertThat(at(model, Instant.now()).body().path("live").asInt()).isEqualTo(2);
        assertThat(registry.get("/api/models/" + model + "/timeline?at=yesterday")
                        .code())
                .isEqualTo("invalid-instant");
    }

    @Test
    void the_traffic_split_is_what_the_step_says() {
        String model = registry.model("{steps: [20, 100], minRequests: 5, window: 60s}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 2);

        long canary = 0;
        for (int i = 0; i < 400; i++) {
            canary += registry.predict(model, "caller-" + i, "slow")
                                    .body()
                                    .path("version")
                                    .asInt()
                            == 2
                    ? 1
                    : 0;
        }

        // 80 expected, standard deviation 8
        assertThat(canary).isBetween(48L, 112L);
        int first =
                registry.predict(model, "sticky", "slow").body().path("version").asInt();
        for (int i = 0; i < 10; i++) {
            assertThat(registry.predict(model, "sticky", "slow")
                            .body()
                            .path("version")
                            .asInt())
                    .isEqualTo(first);
        }
    }

    private Reply command(String model, String what) {
        return registry.post("/api/models/" + model + "/rollout/" + what, "{\"reason\": \"test\"}");
    }

    private Reply at(String model, Instant moment) {
        return registry.get("/api/models/" + model + "/timeline?at=" + moment);
    }

    private List<String> kinds(String model) {
        return StreamSupport.stream(
                        registry.get("/api/models/" + model + "/timeline")
                                .body()
                                .path("items")
                                .spliterator(),
                        false)
                .map(item -> item.path("kind").asString())
                .toList();
    }
}
