package dev.perennial.evaluator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.Classification;
import java.util.List;
import org.junit.jupiter.api.Test;

class FidelityTest {
    @Test
    void lets_rounding_pass() {
        assertThat(Fidelity.difference(said(1, 2), said(1.000001f, 2))).isEmpty();
        assertThat(Fidelity.difference(List.of(), List.of())).isEmpty();
    }

    @Test
    void notices_other_scores() {
        assertThat(Fidelity.difference(said(1, 2), said(1.0001f, 2)))
                .hasValueSatisfying(words -> assertThat(words).contains("scores differently"));
    }

    @Test
    void notices_scores_that_are_no_numbers_or_missing() {
        assertThat(Fidelity.difference(said(1, 2), said(Float.NaN, 2))).isPresent();
        assertThat(Fidelity.difference(said(1, 2), said(1))).isPresent();
        assertThat(Fidelity.difference(said(1), List.of())).isPresent();
    }

    private static List<Classification> said(float... logits) {
        return List.of(new Classification("tv", 1, logits, logits));
    }
}
