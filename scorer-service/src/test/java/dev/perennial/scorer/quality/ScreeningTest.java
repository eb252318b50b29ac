package dev.perennial.scorer.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.QualitySpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreeningTest {
    private final Screening screening = new Screening(
            List.of("billing", "offline"),
            new QualitySpec(
                    List.of("!sample.text.contains('http')", "sample.label != 'billing' || sample.source == 'REAL'"),
                    new QualitySpec.Length(3, 12),
                    null,
                    null));

    @Test
    void a_sample_in_order_has_nothing_against_it() {
        assertThat(reasons("it is down", "offline")).isEmpty();
    }

    @Test
    void length_is_counted_in_code_points() {
        assertThat(reasons("no", "offline")).containsExactly(Reasons.TOO_SHORT);
        assertThat(reasons("it is down again", "offline")).containsExactly(Reasons.TOO_LONG);
        assertThat(reasons("📶".repeat(12), "offline")).isEmpty();
        assertThat(reasons("📶".repeat(13), "offline")).containsExactly(Reasons.TOO_LONG);
    }

    @Test
    void blank_texts_control_characters_and_unknown_labels_are_refused() {
        assertThat(reasons("  \t ", "offline")).containsExactly(Reasons.BLANK);
        assertThat(reasons("it is\u0000down", "offline")).containsExactly(Reasons.CONTROL_CHARACTERS);
        assertThat(reasons("it is down", "Offline")).containsExactly(Reasons.LABEL_UNKNOWN);
    }

    @Test
    void every_broken_rule_is_named_as_it_is_written() {
        assertThat(reasons("http://x", "billing"))
                .containsExactly(
                        "rule:!sample.text.contains('http')",
                        "rule:sample.label != 'billing' || sample.source == 'REAL'");
        assertThat(screening.reasons("the bill", "billing", SampleSource.REAL)).isEmpty();
    }

    @Test
    void a_rule_that_no_longer_compiles_rejects_visibly_instead_of_stopping_the_stage() {
        Screening broken =
                new Screening(List.of("offline"), new QualitySpec(List.of("sample.txt == ''"), null, null, null));

        assertThat(broken.reasons("it is down", "offline", SampleSource.REAL))
                .containsExactly("rule-invalid quality.rules[0]");
    }

    private List<String> reasons(String text, String label) {
        return screening.reasons(text, label, SampleSource.SYNTHETIC);
    }
}
