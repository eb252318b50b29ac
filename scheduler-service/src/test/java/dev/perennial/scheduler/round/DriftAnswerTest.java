package dev.perennial.scheduler.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DriftAnswerTest {
    private static final Instant RAISED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Trigger ALARM = new Trigger("d", "m", Cause.DRIFT, "drift", 4, Map.of(), RAISED);

    @Test
    void an_alarm_about_the_live_version_starts_a_round() {
        assertThat(DriftAnswer.of(ALARM, Optional.of(4), Optional.empty(), Optional.empty()))
                .isEqualTo(DriftAnswer.START);
    }

    @Test
    void an_alarm_about_a_version_that_was_replaced_needs_no_answer() {
        assertThat(DriftAnswer.of(ALARM, Optional.of(5), Optional.empty(), Optional.empty()))
                .isEqualTo(DriftAnswer.OBSOLETE);
    }

    @Test
    void an_alarm_raised_while_the_round_that_answered_it_was_open_needs_no_other() {
        assertThat(DriftAnswer.of(ALARM, Optional.of(4), Optional.empty(), Optional.of(RAISED.plusSeconds(60))))
                .isEqualTo(DriftAnswer.OBSOLETE);
    }

    @Test
    void an_alarm_raised_after_an_answer_that_did_not_help_starts_a_round() {
        assertThat(DriftAnswer.of(ALARM, Optional.of(4), Optional.empty(), Optional.of(RAISED.minusSeconds(60))))
                .isEqualTo(DriftAnswer.START);
    }

    @Test
    void an_alarm_waits_for_the_canary_that_may_answer_it() {
        assertThat(DriftAnswer.of(ALARM, Optional.of(4), Optional.of(RAISED), Optional.empty()))
                .isEqualTo(DriftAnswer.WAIT);
    }

    @Test
    void an_alarm_after_the_canary_should_have_been_decided_waits_for_it_no_longer() {
        assertThat(DriftAnswer.of(ALARM, Optional.of(4), Optional.of(RAISED.minusMillis(1)), Optional.empty()))
                .isEqualTo(DriftAnswer.START);
    }
}
