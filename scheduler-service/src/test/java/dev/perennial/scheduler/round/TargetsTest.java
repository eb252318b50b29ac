package dev.perennial.scheduler.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.LabelErrors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final List<String> LABELS = List.of("billing", "outage", "router");

    @Test
    void an_untargeted_round_asks_for_the_same_of_each_label() {
        assertThat(Targets.evenly(LABELS, 10)).isEqualTo(Map.of("billing", 4, "outage", 3, "router", 3));
        assertThat(Targets.evenly(LABELS, 2)).isEqualTo(Map.of("billing", 1, "outage", 1));
    }

    @Test
    void a_drift_round_asks_in_proportion_to_the_errors_and_for_exactly_the_total() {
        assertThat(Targets.byErrors(List.of(errors("router", 20), errors("outage", 10)), LABELS, 400))
                .isEqualTo(Map.of("router", 267, "outage", 133));
        assertThat(Targets.byErrors(
                                List.of(errors("a", 1), errors("b", 1), errors("c", 1)), List.of("a", "b", "c"), 100)
                        .values()
                        .stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(100);
    }

    @Test
    void a_label_without_errors_or_outside_the_spec_gets_none() {
        assertThat(Targets.byErrors(List.of(errors("gone", 50), errors("router", 5), errors("billing", 0)), LABELS, 40))
                .isEqualTo(Map.of("router", 40));
    }

    @Test
    void an_alarm_that_names_no_usable_label_asks_for_all() {
        assertThat(Targets.byErrors(List.of(errors("gone", 50)), LABELS, 9))
                .isEqualTo(Map.of("billing", 3, "outage", 3, "router", 3));
    }

    private static LabelErrors errors(String label, int errors) {
        return new LabelErrors(label, errors, 100);
    }
}
