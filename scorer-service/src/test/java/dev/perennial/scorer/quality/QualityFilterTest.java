package dev.perennial.scorer.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.QualitySpec;
import dev.perennial.scorer.quality.QualityFilter.Candidate;
import dev.perennial.scorer.quality.QualityFilter.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QualityFilterTest {
    private static final List<String> LABELS = List.of("billing", "offline", "slow");

    @Test
    void each_check_rejects_for_its_own_reason_and_the_rest_is_accepted() {
        QualityFilter filter = new QualityFilter(LABELS, QualitySpec.DEFAULT);

        List<Verdict> verdicts = filter.judge(
                real(),
                List.of(
                        new Candidate("my invoice is wrong this month", "billing", at(0, 0.20)),
                        new Candidate("My invoice is wrong - this month!", "billing", at(0, 0.20)),
                        new Candidate("please check my invoice again", "billing", at(0, 0.2001)),
                        new Candidate("the connection is gone since noon", "billing", at(1, 0.30)),
                        new Candidate("the connection is gone again", "offline", at(1, 0.31)),
                        new Candidate("hm", "slow", at(2, 0.30)),
                        new Candidate("pages load for minutes", "snail", at(2, 0.40))));

        assertThat(verdicts)
                .extracting(Verdict::reasons)
                .containsExactly(
                        List.of(),
                        List.of(Reasons.EXACT_DUPLICATE),
                        List.of(Reasons.SEMANTIC_DUPLICATE),
                        List.of(Reasons.LABEL_DISAGREES),
                        List.of(),
                        List.of(Reasons.TOO_SHORT),
                        List.of(Reasons.LABEL_UNKNOWN));
        assertThat(verdicts.getFirst().scores())
                .containsKeys(
                        Scores.NEAR_DUPLICATE, Scores.SEMANTIC_DUPLICATE, Scores.LABEL_AGREEMENT, Scores.LABEL_RANK);
    }

    @Test
    void near_duplicates_are_refused_above_the_threshold_only() {
        String text =
                "since the storm on tuesday evening my gateway in the basement shows a red light and nothing works";
        Candidate first = new Candidate(text, "offline", at(1, 0.1));
        Candidate second = new Candidate(text + " anymore", "offline", at(1, 0.5));

        assertThat(withNear(0.8).judge(real(), List.of(first, second)).getLast().reasons())
                .containsExactly(Reasons.NEAR_DUPLICATE);
        assertThat(withNear(0.99)
                        .judge(real(), List.of(first, second))
                        .getLast()
                        .reasons())
                .isEmpty();
    }

    @Test
    void label_agreement_can_be_turned_off() {
        QualityFilter filter =
                new QualityFilter(LABELS, new QualitySpec(null, null, null, new QualitySpec.LabelAgreement(0, null)));
        Candidate wrong = new Candidate("the connection is gone since noon", "billing", at(1, 0.30));

        Verdict verdict = filter.judge(real(), List.of(wrong)).getFirst();

        assertThat(verdict.reasons()).isEmpty();
        assertThat(verdict.scores()).doesNotContainKey(Scores.LABEL_AGREEMENT);
    }

    @Test
    void top_says_how_far_down_the_claimed_label_may_be() {
        Random random = new Random(5);
        List<Known> known = new ArrayList<>();
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            String label = LABELS.get(i % 3);
            known.add(new Known("known number " + i, label, SampleSource.REAL, blurred(random, i % 3)));
            candidates.add(new Candidate("candidate " + i, label, blurred(random, i % 3)));
        }

        List<Verdict> first = withTop(1).judge(known, candidates);
        List<Verdict> second = withTop(2).judge(known, candidates);

        int disagreeing = 0;
        for (int i = 0; i < candidates.size(); i++) {
            boolean onlySecond = !first.get(i).isAccepted() && second.get(i).isAccepted();
            disagreeing += onlySecond ? 1 : 0;
            assertThat(onlySecond).isEqualTo(second.get(i).isAccepted() && rank(second.get(i)) == 2);
        }
        assertThat(disagreeing).isBetween(3, 40);
    }

    @Test
    void a_model_without_any_encoder_check_asks_for_no_encoder() {
        QualityFilter off = new QualityFilter(
                LABELS,
                new QualitySpec(
                        null, null, new QualitySpec.Duplicates(1.0, 0.8), new QualitySpec.LabelAgreement(0, 3)));

        assertThat(off.asksEncoder(SampleSource.SYNTHETIC)).isFalse();
        assertThat(withTop(2).asksEncoder(SampleSource.SYNTHETIC)).isTrue();
        assertThat(withTop(2).asksEncoder(SampleSource.REAL)).isFalse();
    }

    private static QualityFilter withNear(double near) {
        return new QualityFilter(LABELS, new QualitySpec(null, null, new QualitySpec.Duplicates(0.99, near), null));
    }

    private static QualityFilter withTop(int top) {
        return new QualityFilter(LABELS, new QualitySpec(null, null, null, new QualitySpec.LabelAgreement(top, null)));
    }

    /** Six samples a label around its axis. */
    private static List<Known> real() {
        List<Known> real = new ArrayList<>();
        for (int label = 0; label < LABELS.size(); label++) {
            for (int i = 0; i < 6; i++) {
                real.add(new Known(
                        "real words about " + LABELS.get(label) + " number " + i,
                        LABELS.get(label),
                        SampleSource.REAL,
                        at(label, -0.9 + 0.1 * i)));
            }
        }
        return real;
    }

    /** Near the axis of a label, turned by an angle in a plane that all share. */
    private static float[] at(int label, double angle) {
        float[] embedding = new float[4];
        embedding[label] = (float) Math.cos(angle);
        embedding[3] = (float) Math.sin(angle);
        return embedding;
    }

    private static double rank(Verdict verdict) {
        return verdict.scores().get(Scores.LABEL_RANK);
    }

    /** Labels overlap: some samples are nearer to another label's axis. */
    private static float[] blurred(Random random, int label) {
        float[] embedding = new float[12];
        double sum = 0;
        for (int d = 0; d < embedding.length; d++) {
            embedding[d] = (float) (0.45 * random.nextGaussian()) + (d == label ? 1 : 0);
            sum += embedding[d] * embedding[d];
        }
        for (int d = 0; d < embedding.length; d++) {
            embedding[d] /= (float) Math.sqrt(sum);
        }
        return embedding;
    }
}
