package dev.perennial.evaluator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.SetScore;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.evaluator.EvaluatorServer;
import dev.perennial.evaluator.EvaluatorServer.Answer;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

class EvaluationIT {
    private static final ArtifactRef DATASET = new ArtifactRef("d".repeat(64), 1);

    @TempDir
    static Path artifacts;

    static EvaluatorServer server;

    @Configuration(proxyBeanMethods = false)
    static class Rules {
        @Bean
        @Primary
        Classifiers ruleClassifiers() {
            return new RuleClassifiers();
        }
    }

    @BeforeAll
    static void start() {
        server = new EvaluatorServer(artifacts, Rules.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void is_done_once_however_often_the_run_is_told_and_its_report_can_be_read() {
        declare("judged-once", "holdout", "core");
        TrainingCompleted run = Trained.run("run-once", "judged-once", DATASET, RuleClassifiers.adapter(90), 0.9);

        server.publish("judged-once", run, run);
        EvaluationCompleted completed = judged("judged-once", 1);
        server.publish("judged-once", run);

        assertThat(server.published(EvaluationCompleted.class, "judged-once", 1))
                .hasSize(1);
        assertThat(completed.passed()).isTrue();
        assertThat(completed.registrable()).isTrue();
        assertThat(completed.liveVersion()).isNull();
        assertThat(completed.request()).isEqualTo(run.request());
        assertThat(completed.sets())
                .contains(
                        new SetScore("holdout", "accuracy", 100, 0.9, 0.5, null),
                        new SetScore("core", "accuracy", 100, 0.9, 0.5, null));
        Answer list = server.get("/api/models/judged-once/reports");
        assertThat(list.body().get("total").asInt()).isEqualTo(1);
        assertThat(list.body().at("/items/0/reportId").asString()).isEqualTo(completed.reportId());
        Answer report = server.get("/api/reports/" + completed.reportId());
        assertThat(report.body().at("/sets/0/candidate/metrics/0/value").asDouble())
                .isEqualTo(0.9);
        assertThat(report.body().at("/sets/0/candidate/labels").size()).isEqualTo(2);
        assertThat(report.body().at("/sets/0/base/confusions/0/count").asInt()).isEqualTo(25);
        assertThat(report.body().at("/gain/lower").asDouble()).isPositive();
    }

    @Test
    void compares_with_the_live_version_and_refuses_what_is_no_better() {
        declare("judged-live", "holdout", "core");
        server.live("judged-live", 4, RuleClassifiers.adapter(80));

        server.publish("k", Trained.run("run-same", "judged-live", DATASET, RuleClassifiers.adapter(80), 0.8));
        EvaluationCompleted same = judged("judged-live", 1);
        server.publish("k", Trained.run("run-better", "judged-live", DATASET, RuleClassifiers.adapter(95), 0.95));
        EvaluationCompleted better = judged("judged-live", 2);

        assertThat(same.passed()).isFalse();
        assertThat(same.registrable()).isTrue();
        assertThat(same.liveVersion()).isEqualTo(4);
        assertThat(same.reasons().getFirst()).contains("so the gain is not beyond noise");
        assertThat(better.passed()).isTrue();
        assertThat(better.sets()).contains(new SetScore("holdout", "accuracy", 100, 0.95, 0.5, 0.8));
    }

    @Test
    void of_a_corrupt_adapter_ends_with_the_reason_and_is_not_tried_again() {
        declare("judged-corrupt", "holdout");

        server.publish("k", Trained.run("run-corrupt", "judged-corrupt", DATASET, RuleClassifiers.BROKEN, 0.9));

        EvaluationCompleted completed = judged("judged-corrupt", 1);
        assertThat(completed.passed()).isFalse();
        assertThat(completed.registrable()).isFalse();
        assertThat(completed.sets()).isEmpty();
        assertThat(completed.reasons())
                .containsExactly("The candidate was not registered: the adapter cannot be used:"
                        + " adapter_model.safetensors is cut off");
    }

    @Test
    void that_fails_again_and_again_ends_with_the_reason() {
        declare("judged-defect", "holdout");

        server.publish("k", Trained.run("run-defect", "judged-defect", DATASET, RuleClassifiers.DEFECT, 0.9));

        EvaluationCompleted completed = judged("judged-defect", 1);
        assertThat(completed.passed()).isFalse();
        assertThat(completed.registrable()).isFalse();
        assertThat(completed.reasons())
                .containsExactly("The candidate was not registered: its judgement failed 3 times:"
                        + " IllegalStateException: nobody thought of this");
    }

    @Test
    void does_not_let_an_adapter_be_registered_that_answers_otherwise_once_reloaded() {
        declare("judged-fickle", "holdout");

        server.publish("k", Trained.run("run-fickle", "judged-fickle", DATASET, RuleClassifiers.fickle(90), 0.9));

        EvaluationCompleted completed = judged("judged-fickle", 1);
        assertThat(completed.registrable()).isFalse();
        assertThat(completed.reasons().getFirst()).contains("Saved and loaded again, the adapter scores differently");
    }

    @Test
    void says_which_set_is_missing() {
        server.declare("judged-missing", "holdout");

        server.publish("k", Trained.run("run-missing", "judged-missing", DATASET, RuleClassifiers.adapter(90), 0.9));

        EvaluationCompleted completed = judged("judged-missing", 1);
        assertThat(completed.passed()).isFalse();
        assertThat(completed.registrable()).isTrue();
        assertThat(completed.reasons().getFirst()).contains("PUT /api/models/judged-missing/evaluation-sets/holdout");
    }

    @Test
    void cannot_compare_with_a_live_version_that_is_gone() {
        declare("judged-gone", "holdout");
        server.live("judged-gone", 1, RuleClassifiers.BROKEN);

        server.publish("k", Trained.run("run-gone", "judged-gone", DATASET, RuleClassifiers.adapter(90), 0.9));

        EvaluationCompleted completed = judged("judged-gone", 1);
        assertThat(completed.passed()).isFalse();
        assertThat(completed.registrable()).isTrue();
        assertThat(completed.reasons().getFirst()).startsWith("The candidate has nothing to be compared with");
    }

    @Test
    void has_no_report_under_another_id() {
        Answer answer = server.get("/api/reports/none");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("report-unknown");
    }

    private static EvaluationCompleted judged(String model, int nth) {
        return server.published(EvaluationCompleted.class, model, nth).get(nth - 1);
    }

    /** With sets of 100 texts, half of them tv and half bill. */
    private static void declare(String model, String... sets) {
        server.declare(model, sets);
        for (String set : sets) {
            String rows = IntStream.range(0, 100)
                    .mapToObj(i -> (i % 2 == 0 ? "tv" : "bill") + " " + i + "," + (i % 2 == 0 ? "tv" : "bill"))
                    .collect(Collectors.joining("\n", "text,label\n", "\n"));
            assertThat(server.put("/api/models/" + model + "/evaluation-sets/" + set, "text/csv", rows)
                            .status())
                    .isEqualTo(200);
        }
    }
}
