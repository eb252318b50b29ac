package dev.perennial.evaluator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.spec.EvaluationSpec;
import dev.perennial.evaluator.metric.Answers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Opponent LIVE = new Opponent.LiveVersion(3);
    private static final Opponent BASE = new Opponent.UntunedBase();

    @Test
    void lets_a_gain_beyond_noise_through() {
        Verdict verdict = decide(spec(0.0, 0.01), LIVE, 90, 60, 40, 40);

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.gain())
                .isNotNull()
                .satisfies(gain -> assertThat(gain.lower()).isBetween(0.1, 0.3));
        assertThat(verdict.reasons()).hasSize(2);
        assertThat(verdict.reasons().getFirst())
                .startsWith("On holdout (100 texts) the candidate has accuracy 90.0 % and live version 3 60.0 %: +30.0"
                        + " points, 95 % interval +")
                .endsWith("all of it is above the asked 0.0 points.");
    }

    @Test
    void refuses_a_gain_that_may_be_noise() {
        Verdict verdict = decide(spec(0.0, 0.01), LIVE, 81, 80, 40, 40);

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reasons().getFirst()).endsWith("so the gain is not beyond noise.");
    }

    @Test
    void refuses_a_clear_gain_below_the_one_asked_for() {
        assertThat(decide(spec(0.05, 0.01), LIVE, 90, 70, 40, 40).passed()).isTrue();
        assertThat(decide(spec(0.25, 0.01), LIVE, 90, 70, 40, 40).passed()).isFalse();
    }

    @Test
    void lets_an_equal_candidate_through_when_a_small_loss_is_allowed() {
        assertThat(decide(spec(0.0, 0.01), LIVE, 80, 80, 40, 40).passed()).isFalse();
        assertThat(decide(spec(-0.02, 0.01), LIVE, 80, 80, 40, 40).passed()).isTrue();
    }

    @Test
    void refuses_a_gain_that_was_paid_for_with_forgetting() {
        Verdict verdict = decide(spec(0.0, 0.01), LIVE, 90, 60, 46, 48);

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reasons().getFirst())
                .isEqualTo(
                        "On core (50 texts) the candidate has accuracy 92.0 % and live version 3 96.0 %: -4.0 points;"
                                + " a core set may lose at most 1.0.");
    }

    @Test
    void lets_the_core_lose_exactly_what_it_may() {
        assertThat(decide(spec(0.0, 0.02), LIVE, 90, 60, 47, 48).passed()).isTrue();
        assertThat(decide(spec(0.0, 0.019), LIVE, 90, 60, 47, 48).passed()).isFalse();
    }

    @Test
    void says_which_set_to_upload() {
        Verdict verdict = Gate.decide("support", spec(0.0, 0.01), LIVE, Map.of("holdout", contest(100, 90, 60)), 1);

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reasons().getFirst())
                .isEqualTo("The evaluation set 'core' was never uploaded; upload it with PUT"
                        + " /api/models/support/evaluation-sets/core and start another round.");
    }

    @Test
    void takes_no_gain_from_a_handful_of_texts() {
        Verdict verdict = Gate.decide("support", only("holdout"), LIVE, Map.of("holdout", contest(9, 9, 0)), 1);

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reasons().getFirst()).contains("with fewer than 10 texts");
    }

    @Test
    void lets_a_first_version_through_that_is_as_good_as_the_base() {
        Verdict verdict = decide(spec(0.0, 0.01), BASE, 80, 81, 40, 41);

        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.reasons().getFirst())
                .contains("the untuned base 81.0 %: -1.0 points")
                .endsWith("it is not worse beyond noise.");
    }

    @Test
    void refuses_a_first_version_that_training_made_worse() {
        assertThat(decide(spec(0.0, 0.01), BASE, 60, 90, 40, 40).passed()).isFalse();
        assertThat(decide(spec(0.0, 0.01), BASE, 90, 90, 20, 48).passed()).isFalse();
    }

    @Test
    void holds_the_only_set_against_forgetting_too() {
        assertThat(Gate.core(only("holdout"))).containsExactly("holdout");
        assertThat(Gate.core(spec(0.0, 0.0))).containsExactly("core");
        assertThat(Gate.core(new EvaluationSpec(List.of("a", "b", "c"), List.of("c"), null)))
                .containsExactly("c");
    }

    private static Verdict decide(
            EvaluationSpec spec, Opponent opponent, int holdout, int theirHoldout, int core, int theirCore) {
        Map<String, Contest> contests = new LinkedHashMap<>();
        contests.put("holdout", contest(100, holdout, theirHoldout));
        contests.put("core", contest(50, core, theirCore));
        return Gate.decide("support", spec, opponent, contests, 1);
    }

    private static EvaluationSpec spec(@Nullable Double minGain, @Nullable Double maxForgetting) {
        return new EvaluationSpec(
                List.of("holdout", "core"), null, new EvaluationSpec.Gate(null, minGain, maxForgetting));
    }

    private static EvaluationSpec only(String set) {
        return new EvaluationSpec(List.of(set), null, null);
    }

    /** The weaker one has right only what the stronger one has right. */
    private static Contest contest(int texts, int right, int theirRight) {
        return new Contest(answers(texts, right), answers(texts, theirRight));
    }

    private static Answers answers(int texts, int right) {
        return new Answers(
                Collections.nCopies(texts, "tv"),
                IntStream.range(0, texts)
                        .mapToObj(i -> i < right ? "tv" : "bill")
                        .toList());
    }
}
