package dev.perennial.registry.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.common.event.Stage;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.RolloutSpec;
import dev.perennial.registry.model.ChangeKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofMinutes(6));
    private static final RolloutSpec PLAN = plan(RolloutSpec.OnInconclusive.PAUSE);
    private static final Evidence GOOD = new Evidence(Arm.judged(45, 5), Arm.judged(10, 0), 10);
    private static final Evidence BAD = new Evidence(Arm.judged(45, 5), Arm.judged(0, 8), 8);

    @Test
    void the_first_version_ever_goes_live_at_once() {
        Decision decision = only(Lifecycle.next(lineup(null, member(1, Stage.CANDIDATE)), PLAN, NOW));

        assertThat(decision.kind()).isEqualTo(ChangeKind.LIVE);
        assertThat(decision.shares()).containsExactly(new Share(1, Stage.LIVE, 100));
        assertThat(decision.rollout()).isNull();
    }

    @Test
    void the_next_version_begins_as_a_canary_with_the_first_step() {
        Decision decision = only(Lifecycle.next(lineup(null, live(1), member(2, Stage.CANDIDATE)), PLAN, NOW));

        assertThat(decision.kind()).isEqualTo(ChangeKind.CANARY);
        assertThat(decision.shares()).containsExactly(new Share(1, Stage.LIVE, 90), new Share(2, Stage.CANARY, 10));
    }

    @Test
    void a_plan_of_one_step_goes_live_at_once() {
        RolloutSpec atOnce = new RolloutSpec(List.of(100), null, null, null);

        Decision decision = only(Lifecycle.next(lineup(null, live(1), member(2, Stage.CANDIDATE)), atOnce, NOW));

        assertThat(decision.shares()).containsExactly(new Share(1, Stage.RETIRED, 0), new Share(2, Stage.LIVE, 100));
    }

    @Test
    void a_candidate_waits_while_a_rollout_runs() {
        assertThat(Lifecycle.next(during(canary(0), member(3, Stage.CANDIDATE)), PLAN, NOW))
                .isEmpty();
    }

    @Test
    void the_newest_of_the_waiting_candidates_starts_and_the_others_are_overtaken() {
        Lineup lineup = lineup(
                null, live(2), member(3, Stage.CANDIDATE), member(4, Stage.REJECTED), member(5, Stage.CANDIDATE));

        List<Decision> decisions = Lifecycle.next(lineup, PLAN, NOW);

        assertThat(decisions).extracting(Decision::kind).containsExactly(ChangeKind.SUPERSEDED, ChangeKind.CANARY);
        assertThat(decisions).extracting(Decision::version).containsExactly(3, 5);
    }

    @Test
    void a_candidate_older_than_one_that_was_tried_never_starts_by_itself() {
        Lineup lineup =
                new Lineup("m", List.of(live(1), member(2, Stage.CANDIDATE), member(3, Stage.ROLLED_BACK)), null, 3);

        assertThat(Lifecycle.next(lineup, PLAN, NOW)).isEmpty();
    }

    @Test
    void a_newer_candidate_takes_the_place_of_one_that_is_held_without_a_decision_but_not_of_one_held_by_command() {
        Rollout.Paused inconclusive = canary(0).pause(Rollout.PausedBy.INCONCLUSIVE, "no feedback");
        Rollout.Paused byCommand = canary(0).pause(Rollout.PausedBy.COMMAND, "looking into it");

        assertThat(only(Lifecycle.next(during(inconclusive, member(3, Stage.CANDIDATE)), PLAN, NOW))
                        .kind())
                .isEqualTo(ChangeKind.ABORTED);
        assertThat(Lifecycle.next(during(byCommand, member(3, Stage.CANDIDATE)), PLAN, NOW))
                .isEmpty();
    }

    @Test
    void good_evidence_advances_through_every_step_to_live() {
        Decision second = only(Lifecycle.judge(during(canary(0)), GOOD, NOW));
        Decision last = only(Lifecycle.judge(during(canary(1)), GOOD, NOW));

        assertThat(second.shares()).containsExactly(new Share(1, Stage.LIVE, 50), new Share(2, Stage.CANARY, 50));
        assertThat(last.shares()).containsExactly(new Share(1, Stage.RETIRED, 0), new Share(2, Stage.LIVE, 100));
        assertThat(last.rollout()).isInstanceOf(Rollout.Succeeded.class);
    }

    @Test
    void bad_evidence_takes_all_traffic_back_whether_the_canary_runs_or_is_paused() {
        for (Rollout.Active rollout : List.of(canary(1), canary(1).pause(Rollout.PausedBy.COMMAND, "hold"))) {
            Decision decision = only(Lifecycle.judge(during(rollout), BAD, NOW));

            assertThat(decision.kind()).isEqualTo(ChangeKind.ROLLED_BACK);
            assertThat(decision.lost()).isEqualTo(Cause.QUALITY);
            assertThat(decision.shares())
                    .containsExactly(new Share(2, Stage.ROLLED_BACK, 0), new Share(1, Stage.LIVE, 100));
        }
    }

    @Test
    void a_paused_rollout_does_not_advance_on_good_evidence_and_ignores_the_end_of_its_window() {
        Rollout.Paused paused = canary(0).pause(Rollout.PausedBy.COMMAND, "hold");

        assertThat(Lifecycle.judge(during(paused), GOOD, LATER)).isEmpty();
    }

    @Test
    void the_spec_says_what_happens_when_the_window_ends_without_a_decision() {
        assertThat(undecided(RolloutSpec.OnInconclusive.PAUSE).kind()).isEqualTo(ChangeKind.PAUSED);
        assertThat(undecided(RolloutSpec.OnInconclusive.ADVANCE).kind()).isEqualTo(ChangeKind.CANARY);
        assertThat(undecided(RolloutSpec.OnInconclusive.ROLL_BACK).kind()).isEqualTo(ChangeKind.ROLLED_BACK);
    }

    @Test
    void resuming_gives_the_step_a_new_window() {
        Rollout.Paused paused = canary(0).pause(Rollout.PausedBy.INCONCLUSIVE, "no feedback");

        Decision resumed = only(Lifecycle.resume(during(paused), "go on", LATER));

        assertThat(resumed.rollout())
                .isInstanceOfSatisfying(
                        Rollout.Canary.class,
                        canary -> assertThat(canary.windowEnded(LATER.plusSeconds(60)))
                                .isFalse());
    }

    @Test
    void promoting_works_while_running_and_while_paused() {
        for (Rollout.Active rollout : List.of(canary(0), canary(0).pause(Rollout.PausedBy.COMMAND, "hold"))) {
            assertThat(only(Lifecycle.promote(during(rollout), "sure", NOW)).shares())
                    .containsExactly(new Share(1, Stage.RETIRED, 0), new Share(2, Stage.LIVE, 100));
        }
    }

    @Test
    void aborting_gives_all_traffic_to_stable() {
        assertThat(only(Lifecycle.abort(during(canary(1)), "enough", NOW)).shares())
                .containsExactly(new Share(2, Stage.ROLLED_BACK, 0), new Share(1, Stage.LIVE, 100));
    }

    @Test
    void commands_on_a_rollout_change_nothing_when_none_is_in_progress() {
        Lineup idle = lineup(null, live(1));

        refused("no-rollout", () -> Lifecycle.abort(idle, "x", NOW));
        refused("no-rollout", () -> Lifecycle.pause(idle, "x"));
        refused("no-rollout", () -> Lifecycle.resume(idle, "x", NOW));
        refused("no-rollout", () -> Lifecycle.promote(idle, "x", NOW));
    }

    @Test
    void a_paused_rollout_is_not_paused_again_and_a_running_one_not_resumed() {
        refused(
                "rollout-paused",
                () -> Lifecycle.pause(during(canary(0).pause(Rollout.PausedBy.COMMAND, "hold")), "x"));
        refused("rollout-not-paused", () -> Lifecycle.resume(during(canary(0)), "x", NOW));
    }

    @Test
    void an_aborted_version_can_be_retried_and_starts_at_the_first_step_again() {
        Lineup lineup = new Lineup("m", List.of(live(1), member(2, Stage.ROLLED_BACK)), null, 2);

        assertThat(only(Lifecycle.retry(lineup, null, PLAN, "again", NOW)).shares())
                .containsExactly(new Share(1, Stage.LIVE, 90), new Share(2, Stage.CANARY, 10));
    }

    @Test
    void only_a_version_that_lost_or_never_had_its_chance_can_be_retried_and_only_while_nothing_runs() {
        refused("rollout-active", () -> Lifecycle.retry(during(canary(0)), null, PLAN, "x", NOW));
        refused("nothing-to-retry", () -> Lifecycle.retry(lineup(null, live(1)), null, PLAN, "x", NOW));
        refused(
                "not-retriable",
                () -> Lifecycle.retry(lineup(null, live(1), member(2, Stage.REJECTED)), 2, PLAN, "x", NOW));
    }

    @Test
    void an_adapter_that_does_not_load_ends_its_own_rollout_only() {
        assertThat(only(Lifecycle.unloadable(during(canary(0)), 2, "damaged", NOW))
                        .lost())
                .isEqualTo(Cause.UNLOADABLE);
        assertThat(Lifecycle.unloadable(during(canary(0)), 3, "damaged", NOW)).isEmpty();
        assertThat(Lifecycle.unloadable(lineup(null, live(1)), 1, "damaged", NOW))
                .isEmpty();
    }

    private static Decision undecided(RolloutSpec.OnInconclusive what) {
        Rollout.Subject subject = new Rollout.Subject("m", 2, 1, plan(what), NOW);
        return only(Lifecycle.judge(during(new Rollout.Canary(subject, 0, NOW)), Evidence.NONE, LATER));
    }

    private static RolloutSpec plan(RolloutSpec.OnInconclusive what) {
        return new RolloutSpec(List.of(10, 50, 100), 10, Duration.ofMinutes(5), what);
    }

    static Rollout.Canary canary(int step) {
        return new Rollout.Canary(new Rollout.Subject("m", 2, 1, PLAN, NOW), step, NOW);
    }

    static Lineup.Member live(int version) {
        return new Lineup.Member(version, Stage.LIVE, NOW);
    }

    static Lineup.Member member(int version, Stage stage) {
        return new Lineup.Member(version, stage, null);
    }

    static Lineup lineup(Rollout.@Nullable Active rollout, Lineup.Member... members) {
        return new Lineup("m", List.of(members), rollout, rollout == null ? 0 : 2);
    }

    /** Version 1 is live and version 2 its canary. */
    static Lineup during(Rollout.Active rollout, Lineup.Member... more) {
        List<Lineup.Member> members = new ArrayList<>(List.of(live(1), member(2, Stage.CANARY)));
        members.addAll(List.of(more));
        return new Lineup("m", members, rollout, 2);
    }

    private static Decision only(List<Decision> decisions) {
        assertThat(decisions).hasSize(1);
        return decisions.getFirst();
    }

    static void refused(String code, ThrowingCallable command) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(command)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(code));
    }
}
