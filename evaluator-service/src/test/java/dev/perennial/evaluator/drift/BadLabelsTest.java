package dev.perennial.evaluator.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.LabelErrors;
import java.util.List;
import org.junit.jupiter.api.Test;

class BadLabelsTest {
    @Test
    void are_those_that_got_worse_beyond_noise_with_the_worst_first() {
        List<LabelErrors> bad = BadLabels.of(
                List.of(
                        counts("steady", 2, 40, 1, 10),
                        counts("bad", 1, 40, 5, 9),
                        counts("worst", 0, 40, 9, 10),
                        counts("was always bad", 20, 40, 5, 10)),
                0.1);

        assertThat(bad).containsExactly(new LabelErrors("worst", 9, 10), new LabelErrors("bad", 5, 9));
    }

    @Test
    void are_never_found_by_a_single_error() {
        assertThat(BadLabels.of(List.of(counts("once", 0, 40, 1, 1)), 0.0)).isEmpty();
    }

    @Test
    void compare_a_new_label_with_the_past_of_all() {
        assertThat(BadLabels.of(List.of(counts("new", 0, 0, 3, 4)), 0.05)).hasSize(1);
        assertThat(BadLabels.of(List.of(counts("new", 0, 0, 3, 4)), 0.7)).isEmpty();
    }

    private static BadLabels.Counts counts(String label, int errorsBefore, int before, int errors, int recent) {
        return new BadLabels.Counts(
                new LabelErrors(label, errorsBefore, before), new LabelErrors(label, errors, recent));
    }
}
