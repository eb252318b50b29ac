package dev.perennial.evaluator.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Metric} keeps. */
abstract class MetricContractTest {
    private static final List<String> LABELS = List.of("bill", "router", "slow", "tv");

    abstract Metric metric();

    @Test
    void is_one_when_all_are_right_and_nought_when_none_is() {
        assertThat(score(List.of("tv", "bill"), List.of("tv", "bill"))).isEqualTo(1);
        assertThat(score(List.of("tv", "bill"), List.of("bill", "tv"))).isEqualTo(0);
        assertThat(score(List.of(), List.of())).isEqualTo(0);
    }

    @Test
    void stays_between_nought_and_one_and_does_not_see_the_order() {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            Answers answers = random(random);
            double score = metric().score(Tally.of(answers));

            assertThat(score).isBetween(0.0, 1.0);
            List<String> truth = new ArrayList<>(answers.truth()).reversed();
            List<String> predicted = new ArrayList<>(answers.predicted()).reversed();
            assertThat(score(truth, predicted)).isEqualTo(score, within(1e-12));
        }
    }

    @Test
    void never_falls_when_a_wrong_answer_is_put_right() {
        Random random = new Random(8);
        for (int i = 0; i < 50; i++) {
            Answers answers = random(random);
            int at = random.nextInt(answers.size());
            List<String> corrected = new ArrayList<>(answers.predicted());
            corrected.set(at, answers.truth().get(at));

            assertThat(score(answers.truth(), corrected))
                    .isGreaterThanOrEqualTo(metric().score(Tally.of(answers)) - 1e-12);
        }
    }

    @Test
    void is_found_by_its_name() {
        assertThat(Metric.named(metric().name())).hasSameClassAs(metric());
    }

    private double score(List<String> truth, List<String> predicted) {
        return metric().score(Tally.of(new Answers(truth, predicted)));
    }

    private static Answers random(Random random) {
        int size = 1 + random.nextInt(30);
        return new Answers(labels(random, size), labels(random, size));
    }

    private static List<String> labels(Random random, int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> LABELS.get(random.nextInt(LABELS.size())))
                .toList();
    }
}
