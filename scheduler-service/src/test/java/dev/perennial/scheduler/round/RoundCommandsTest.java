package dev.perennial.scheduler.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundCommandsTest {
    private static final ModelSpec SPEC = Specs.of("support", "{every: 100}");
    private static final ModelSpec WITHOUT_TEMPLATE = SpecReader.read(
            "{name: plain, task: {type: classification, labels: [a, b]}, baseModel: x, evaluation: {sets: [holdout]}}");

    @Test
    void generates_for_all_labels_unless_told_otherwise() {
        assertThat(RoundCommands.wanted(SPEC, null, null)).isEqualTo(Map.of("billing", 10, "outage", 10, "router", 10));
        assertThat(RoundCommands.wanted(SPEC, true, List.of("router"))).isEqualTo(Map.of("router", 30));
        assertThat(RoundCommands.wanted(SPEC, false, null)).isEmpty();
    }

    @Test
    void a_spec_without_template_generates_nothing_and_refuses_to_when_asked() {
        assertThat(RoundCommands.wanted(WITHOUT_TEMPLATE, null, null)).isEmpty();
        assertThatThrownBy(() -> RoundCommands.wanted(WITHOUT_TEMPLATE, true, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("generation.template");
    }

    @Test
    void a_label_outside_the_spec_is_refused_with_those_it_has() {
        assertThatThrownBy(() -> RoundCommands.wanted(SPEC, null, List.of("wifi")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("billing, outage, router");
    }

    @Test
    void a_label_that_is_null_is_none_of_the_spec() {
        assertThatThrownBy(() -> RoundCommands.wanted(SPEC, null, Collections.singletonList(null)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("billing, outage, router");
    }

    @Test
    void a_reason_that_cannot_be_stored_is_refused() {
        assertThat(RoundCommands.reason(" ")).isEqualTo("command");
        assertThat(RoundCommands.reason("new modems")).isEqualTo("new modems");
        assertThatThrownBy(() -> RoundCommands.reason("new\0modems"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("U+0000");
    }

    @Test
    void labels_for_a_round_that_generates_nothing_are_a_contradiction() {
        assertThatThrownBy(() -> RoundCommands.wanted(SPEC, false, List.of("router")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("generate");
    }
}
