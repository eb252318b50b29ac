package dev.perennial.registry.rollout;

import static dev.perennial.registry.rollout.LifecycleTest.canary;
import static dev.perennial.registry.rollout.LifecycleTest.during;
import static dev.perennial.registry.rollout.LifecycleTest.lineup;
import static dev.perennial.registry.rollout.LifecycleTest.member;
import static dev.perennial.registry.rollout.LifecycleTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.Stage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void takes_the_canary_back_while_there_is_one_and_leaves_the_live_version_alone() {
        List<Decision> decisions = Rollback.decide(during(canary(0)), null, "it looks odd", NOW);

        assertThat(decisions).hasSize(1);
        assertThat(decisions.getFirst().shares())
                .containsExactly(new Share(2, Stage.ROLLED_BACK, 0), new Share(1, Stage.LIVE, 100));
    }

    @Test
    void goes_back_to_the_version_that_was_live_last() {
        Lineup lineup = lineup(null, was(1, Stage.RETIRED, 100), was(2, Stage.RETIRED, 200), was(3, Stage.LIVE, 300));

        assertThat(Rollback.decide(lineup, null, "x", NOW).getFirst().shares())
                .containsExactly(new Share(3, Stage.ROLLED_BACK, 0), new Share(2, Stage.LIVE, 100));
    }

    @Test
    void never_chooses_a_version_that_was_rolled_back_itself() {
        Lineup lineup =
                lineup(null, was(1, Stage.RETIRED, 100), was(2, Stage.ROLLED_BACK, 200), was(3, Stage.LIVE, 300));

        assertThat(Rollback.decide(lineup, null, "x", NOW).getFirst().shares()).contains(new Share(1, Stage.LIVE, 100));
    }

    @Test
    void goes_to_a_rolled_back_version_when_somebody_names_it() {
        Lineup lineup = lineup(null, was(2, Stage.ROLLED_BACK, 200), was(3, Stage.LIVE, 300));

        assertThat(Rollback.decide(lineup, 2, "x", NOW).getFirst().shares()).contains(new Share(2, Stage.LIVE, 100));
    }

    @Test
    void to_an_older_version_during_a_canary_ends_the_canary_first() {
        List<Decision> decisions =
                Rollback.decide(during(canary(0), was(3, Stage.RETIRED, 50)), 3, "both are bad", NOW);

        assertThat(decisions).hasSize(2);
        assertThat(decisions.get(0).shares()).contains(new Share(2, Stage.ROLLED_BACK, 0));
        assertThat(decisions.get(1).shares())
                .containsExactly(new Share(1, Stage.ROLLED_BACK, 0), new Share(3, Stage.LIVE, 100));
    }

    @Test
    void to_the_stable_version_during_a_canary_ends_the_canary() {
        assertThat(Rollback.decide(during(canary(0)), 1, "x", NOW)).hasSize(1);
    }

    @Test
    void changes_nothing_when_there_is_nothing_to_go_back_to() {
        refused("no-previous-version", () -> Rollback.decide(lineup(null, was(1, Stage.LIVE, 1)), null, "x", NOW));
        refused("nothing-live", () -> Rollback.decide(lineup(null), null, "x", NOW));
        refused("already-live", () -> Rollback.decide(lineup(null, was(1, Stage.LIVE, 1)), 1, "x", NOW));
        refused("version-unknown", () -> Rollback.decide(lineup(null, was(1, Stage.LIVE, 1)), 9, "x", NOW));
        refused("version-is-canary", () -> Rollback.decide(during(canary(0)), 2, "x", NOW));
    }

    @Test
    void gives_no_traffic_to_a_version_that_never_earned_it() {
        Lineup lineup = lineup(null, was(1, Stage.LIVE, 1), member(2, Stage.REJECTED), member(3, Stage.CANDIDATE));

        refused("never-live", () -> Rollback.decide(lineup, 2, "x", NOW));
        refused("never-live", () -> Rollback.decide(lineup, 3, "x", NOW));
    }

    private static Lineup.Member was(int version, Stage stage, long second) {
        return new Lineup.Member(version, stage, Instant.ofEpochSecond(second));
    }
}
