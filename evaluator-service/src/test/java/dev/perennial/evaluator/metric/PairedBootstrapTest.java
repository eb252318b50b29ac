package dev.perennial.evaluator.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
    private static final Metric ACCURACY = Metric.named("accuracy");

    @Test
    void is_nought_for_two_models_that_answer_alike() {
        Answers answers = pattern("rrrwwr");

        Interval gain = PairedBootstrap.gain(ACCURACY, answers, answers, 1);

        assertThat(gain).isEqualTo(new Interval(0, 0));
    }

    /** With b texts only the first has right and c only the second, the gain has variance (b + c - (b - c)^2 / n) / n^2. */
    @Test
    void has_the_width_that_the_discordant_texts_give() {
        String both = "r".repeat(160);
        Answers ours = pattern(both + "r".repeat(30) + "w".repeat(10));
        Answers theirs = pattern(both + "w".repeat(30) + "r".repeat(10));
        double deviation = Math.sqrt((40 - 20.0 * 20 / 200) / (200.0 * 200));

        Interval gain = PairedBootstrap.gain(ACCURACY, ours, theirs, 1);

        assertThat(gain.lower()).isEqualTo(0.1 - 1.96 * deviation, within(0.01));
        assertThat(gain.upper()).isEqualTo(0.1 + 1.96 * deviation, within(0.01));
    }

    @Test
    void is_narrower_than_if_the_models_had_answered_different_texts() {
        Answers ours = pattern("r".repeat(60) + "w".repeat(40));
        Answers theirs = pattern("r".repeat(55) + "w".repeat(45));

        Interval gain = PairedBootstrap.gain(ACCURACY, ours, theirs, 1);

        double unpaired = 2 * 1.96 * Math.sqrt((0.6 * 0.4 + 0.55 * 0.45) / 100);
        assertThat(gain.upper() - gain.lower()).isLessThan(unpaired / 2);
    }

    @Test
    void is_the_same_for_the_same_seed() {
        Answers ours = pattern("rrwrrrwrrr");
        Answers theirs = pattern("wrwrwrwrrw");

        assertThat(PairedBootstrap.gain(Metric.named("macro_f1"), ours, theirs, 3))
                .isEqualTo(PairedBootstrap.gain(Metric.named("macro_f1"), ours, theirs, 3));
    }

    @Test
    void refuses_answers_to_other_texts() {
        Answers one = new Answers(List.of("a"), List.of("a"));
        Answers other = new Answers(List.of("b"), List.of("a"));

        assertThatThrownBy(() -> PairedBootstrap.gain(ACCURACY, one, other, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Right where the pattern has r. */
    private static Answers pattern(String pattern) {
        return new Answers(
                Collections.nCopies(pattern.length(), "tv"),
                IntStream.range(0, pattern.length())
                        .mapToObj(i -> pattern.charAt(i) == 'r' ? "tv" : "bill")
                        .toList());
    }
}
