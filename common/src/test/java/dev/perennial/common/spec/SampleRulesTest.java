package dev.perennial.common.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleRulesTest {
    @Test
    void a_sample_that_fulfils_every_rule_breaks_none() {
        SampleRules rules = SampleRules.compile(
                List.of("size(sample.text) <= 20", "sample.label != 'other' || sample.source == 'REAL'"));

        assertThat(rules.broken("router is offline", "offline", "SYNTHETIC")).isEmpty();
        assertThat(rules.broken("router is offline", "other", "SYNTHETIC"))
                .containsExactly("sample.label != 'other' || sample.source == 'REAL'");
    }

    @Test
    void length_is_counted_in_code_points() {
        SampleRules rules = SampleRules.compile(List.of("size(sample.text) <= 2"));

        assertThat(rules.broken("📶📶", "a", "REAL")).isEmpty();
        assertThat(rules.broken("📶📶📶", "a", "REAL")).hasSize(1);
    }

    @Test
    void a_rule_that_does_not_compile_is_named_by_its_place() {
        List<Violation> violations = SampleRules.check(
                List.of("size(sample.text) <= 20", "size(sample.txt) > 1", "sample.text", "size(sample.text) <"));

        assertThat(violations)
                .extracting(Violation::path)
                .containsExactly("quality.rules[1]", "quality.rules[2]", "quality.rules[3]");
        assertThat(violations.getFirst().message())
                .contains("sample.text, sample.label and sample.source")
                .doesNotContain("\n");
    }

    @Test
    void a_rule_that_cannot_be_evaluated_is_broken() {
        SampleRules rules = SampleRules.compile(List.of("int(sample.text) > 3"));

        assertThat(rules.broken("4", "a", "REAL")).isEmpty();
        assertThat(rules.broken("four", "a", "REAL")).hasSize(1);
    }
}
