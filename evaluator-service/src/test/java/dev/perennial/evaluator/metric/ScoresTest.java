package dev.perennial.evaluator.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.evaluator.Golden;
import dev.perennial.evaluator.metric.Scores.Confusion;
import dev.perennial.evaluator.metric.Scores.LabelScore;
import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScoresTest {
    record Case(
            String name,
            List<String> truth,
            List<String> predicted,
            double accuracy,
            double accuracyLower,
            double accuracyUpper,
            double macroF1,
            List<Label> labels) {}

    record Label(String label, double precision, double recall, double f1, int support) {}

    static List<Case> cases() {
        return Golden.cases("metrics.json", Case.class);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equal_those_of_scikit_learn(Case golden) {
        Scores scores = Scores.of(new Answers(golden.truth(), golden.predicted()));

        assertThat(scores.value(new Accuracy())).isEqualTo(golden.accuracy(), within(1e-12));
        assertThat(scores.value(new MacroF1())).isEqualTo(golden.macroF1(), within(1e-12));
        Interval interval = Objects.requireNonNull(scores.metrics().getFirst().interval());
        assertThat(interval.lower()).isEqualTo(golden.accuracyLower(), within(1e-9));
        assertThat(interval.upper()).isEqualTo(golden.accuracyUpper(), within(1e-9));
        assertThat(scores.labels()).hasSameSizeAs(golden.labels());
        for (int i = 0; i < golden.labels().size(); i++) {
            LabelScore ours = scores.labels().get(i);
            Label theirs = golden.labels().get(i);
            assertThat(ours.label()).isEqualTo(theirs.label());
            assertThat(ours.support()).isEqualTo(theirs.support());
            assertThat(ours.precision()).isEqualTo(theirs.precision(), within(1e-12));
            assertThat(ours.recall()).isEqualTo(theirs.recall(), within(1e-12));
            assertThat(ours.f1()).isEqualTo(theirs.f1(), within(1e-12));
            assertThat(ours.recallInterval().lower()).isLessThanOrEqualTo(ours.recall() + 1e-12);
            assertThat(ours.recallInterval().upper()).isGreaterThanOrEqualTo(ours.recall() - 1e-12);
        }
    }

    @Test
    void list_confusions_with_the_most_frequent_first_and_without_right_answers() {
        Scores scores = Scores.of(new Answers(List.of("a", "a", "a", "b", "c"), List.of("a", "b", "b", "c", "a")));

        assertThat(scores.confusions())
                .containsExactly(new Confusion("a", "b", 2), new Confusion("b", "c", 1), new Confusion("c", "a", 1));
    }

    @Test
    void come_from_anything_that_classifies() {
        List<LabelledText> texts = List.of(new LabelledText("no picture", "tv"), new LabelledText("too dear", "bill"));

        Scores scores = Evaluation.score(ScoresTest::alwaysTv, texts);

        assertThat(scores.samples()).isEqualTo(2);
        assertThat(scores.value(Metric.named("accuracy"))).isEqualTo(0.5);
        assertThat(scores.confusions()).containsExactly(new Confusion("bill", "tv", 1));
    }

    private static List<Classification> alwaysTv(List<String> texts) {
        return texts.stream()
                .map(text -> new Classification("tv", 1, new float[] {1}, new float[] {1}))
                .toList();
    }

    @Test
    void need_an_answer_for_every_truth() {
        assertThatThrownBy(() -> new Answers(List.of("a"), List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
