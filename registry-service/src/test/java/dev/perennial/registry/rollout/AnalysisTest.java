package dev.perennial.registry.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnalysisTest {
    private static final int RUNS = 400;

    @Test
    void
            a_canary_as_good_as_stable_is_rolled_back_in_at_most_five_percent_of_rollouts_though_every_feedback_is_judged() {
        for (double accuracy : new double[] {0.5, 0.8, 0.95}) {
            assertThat(shareFailed(accuracy, accuracy, 0.1)).isLessThanOrEqualTo(0.05);
            assertThat(shareFailed(accuracy, accuracy, 0.5)).isLessThanOrEqualTo(0.05);
        }
    }

    @Test
    void a_better_canary_is_hardly_ever_rolled_back() {
        assertThat(shareFailed(0.95, 0.7, 0.25)).isLessThan(0.01);
    }

    @Test
    void a_canary_that_is_fifty_points_worse_is_rolled_back_within_about_fifteen_of_its_feedbacks() {
        int[] needed = canaryFeedbacksUntilFailed(0.4, 0.9, 0.1);
        assertThat(needed[RUNS / 2]).as("median").isLessThanOrEqualTo(11);
        assertThat(needed[RUNS * 9 / 10]).as("ninth decile").isLessThanOrEqualTo(20);
    }

    @Test
    void a_canary_that_knows_nothing_is_rolled_back_after_a_handful_of_feedbacks() {
        int[] needed = canaryFeedbacksUntilFailed(0.07, 0.92, 0.1);
        assertThat(needed[RUNS / 2]).as("median").isLessThanOrEqualTo(4);
        assertThat(needed[RUNS * 99 / 100]).as("ninety-ninth percentile").isLessThanOrEqualTo(8);
    }

    @Test
    void nothing_right_in_eight_against_nine_in_ten_fails_long_before_the_minimum_is_reached() {
        Verdict verdict = Analysis.judge(new Evidence(Arm.judged(27, 3), Arm.judged(0, 8), 8), 50, false);

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Failed.class, failed -> {
            assertThat(failed.cause()).isEqualTo(Cause.QUALITY);
            assertThat(failed.reason()).isEqualTo("canary correct in 0 of 8, stable in 27 of 30");
        });
    }

    @Test
    void a_better_canary_advances_as_soon_as_it_has_the_minimum_even_while_stable_is_bad() {
        Evidence evidence = new Evidence(Arm.judged(20, 10), Arm.judged(9, 1), 10);

        assertThat(Analysis.judge(evidence, 10, false)).isInstanceOf(Verdict.Successful.class);
        assertThat(Analysis.judge(evidence, 11, false)).isInstanceOf(Verdict.Running.class);
    }

    @Test
    void a_canary_that_looks_worse_but_not_clearly_neither_advances_nor_fails() {
        Evidence evidence = new Evidence(Arm.judged(90, 10), Arm.judged(40, 10), 50);

        assertThat(Analysis.judge(evidence, 50, false)).isInstanceOf(Verdict.Running.class);
        assertThat(Analysis.judge(evidence, 50, true)).isInstanceOf(Verdict.Inconclusive.class);
    }

    @Test
    void a_window_that_ends_without_enough_feedback_is_inconclusive() {
        assertThat(Analysis.judge(Evidence.NONE, 1, true)).isInstanceOf(Verdict.Inconclusive.class);
        assertThat(Analysis.judge(Evidence.NONE, 1, false)).isInstanceOf(Verdict.Running.class);
    }

    @Test
    void a_canary_that_throws_fails_without_any_feedback() {
        Evidence evidence = new Evidence(Arm.served(40, 0), Arm.served(5, 5), 0);

        assertThat(Analysis.judge(evidence, 50, false))
                .isInstanceOfSatisfying(
                        Verdict.Failed.class,
                        failed -> assertThat(failed.cause()).isEqualTo(Cause.HEALTH));
    }

    @Test
    void failures_that_both_arms_share_are_not_held_against_the_canary() {
        Evidence evidence = new Evidence(Arm.served(40, 30), Arm.served(20, 16), 0);

        assertThat(Analysis.judge(evidence, 50, false)).isInstanceOf(Verdict.Running.class);
    }

    @Test
    void a_much_worse_canary_practically_never_gets_through_a_step() {
        int through = 0;
        for (int run = 0; run < RUNS; run++) {
            through += simulate(0.6, 0.9, 0.25, 30, new SplittableRandom(run)).advanced ? 1 : 0;
        }
        assertThat((double) through / RUNS).isLessThan(0.02);
    }

    private static double shareFailed(double canary, double stable, double share) {
        int failed = 0;
        for (int run = 0; run < RUNS; run++) {
            failed += simulate(canary, stable, share, Integer.MAX_VALUE, new SplittableRandom(run)).failed ? 1 : 0;
        }
        return (double) failed / RUNS;
    }

    private static int[] canaryFeedbacksUntilFailed(double canary, double stable, double share) {
        int[] needed = new int[RUNS];
        for (int run = 0; run < RUNS; run++) {
            Outcome outcome = simulate(canary, stable, share, Integer.MAX_VALUE, new SplittableRandom(run));
            needed[run] = outcome.failed ? outcome.canaryFeedbacks : Integer.MAX_VALUE;
        }
        Arrays.sort(needed);
        return needed;
    }

    private record Outcome(boolean failed, boolean advanced, int canaryFeedbacks) {}

    /** A step that is judged after each of up to 1000 feedbacks. */
    private static Outcome simulate(double canary, double stable, double share, int minimum, SplittableRandom random) {
        Arm stableArm = Arm.NOTHING;
        Arm canaryArm = Arm.NOTHING;
        for (int feedback = 0; feedback < 1000; feedback++) {
            if (random.nextDouble() < share) {
                canaryArm = canaryArm.plus(random.nextDouble() < canary ? Arm.judged(1, 0) : Arm.judged(0, 1));
            } else {
                stableArm = stableArm.plus(random.nextDouble() < stable ? Arm.judged(1, 0) : Arm.judged(0, 1));
            }
            Evidence evidence = new Evidence(stableArm, canaryArm, canaryArm.feedbacks());
            switch (Analysis.judge(evidence, minimum, false)) {
                case Verdict.Failed _ -> {
                    return new Outcome(true, false, (int) canaryArm.feedbacks());
                }
                case Verdict.Successful _ -> {
                    return new Outcome(false, true, (int) canaryArm.feedbacks());
                }
                case Verdict.Running _, Verdict.Inconclusive _ -> {}
            }
        }
        return new Outcome(false, false, (int) canaryArm.feedbacks());
    }
}
