package dev.perennial.evaluator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.evaluator.metric.Answers;
import dev.perennial.lora.Classification;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void notices_an_accuracy_that_training_did_not_measure() {
        Answers nineOfTen = new Answers(
                Collections.nCopies(100, "tv"),
                Stream.concat(Collections.nCopies(90, "tv").stream(), Collections.nCopies(10, "bill").stream())
                        .toList());

        assertThat(Fidelity.difference(nineOfTen, 0.9)).isEmpty();
        assertThat(Fidelity.difference(nineOfTen, 0.915)).isEmpty();
        assertThat(Fidelity.difference(nineOfTen, 0.95))
                .hasValueSatisfying(
                        words -> assertThat(words).contains("90.0 % right").contains("measured 95.0 %"));
    }

    @Test
    void compares_nothing_with_nothing() {
        assertThat(Fidelity.difference(new Answers(List.of(), List.of()), 0.9)).isEmpty();
        assertThat(Fidelity.difference(new Answers(List.of("tv"), List.of("bill")), null))
                .isEmpty();
    }

    private static List<Classification> said(float... logits) {
        return List.of(new Classification("tv", 1, logits, logits));
    }
}
