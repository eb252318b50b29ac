package dev.perennial.scorer.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LabelAgreementTest {
    private static final int LABELS = 10;
    private static final int WIDTH = 24;
    private final Random random = new Random(11);
    private final float[][] centres = centres();

    @Test
    void corrupted_labels_are_told_from_right_ones_at_any_rate_without_being_told_the_rate() {
        for (double rate : new double[] {0, 0.15, 0.4, 0.6}) {
            Labelled real = draw(LABELS * 4);
            Labelled clean = draw(400);
            int[] claimed = clean.labels().clone();
            boolean[] wrong = new boolean[claimed.length];
            for (int i = 0; i < claimed.length; i++) {
                wrong[i] = random.nextDouble() < rate;
                claimed[i] = wrong[i] ? (claimed[i] + 1 + random.nextInt(LABELS - 1)) % LABELS : claimed[i];
            }

            List<@Nullable Agreement> agreements =
                    new LabelAgreement(LABELS, 3).judge(real, new Labelled(clean.embeddings(), claimed));

            int rightly = 0;
            for (int i = 0; i < wrong.length; i++) {
                rightly += agreements.get(i).probability() < 0.5 == wrong[i] ? 1 : 0;
            }
            assertThat(rightly).as("of 400 at rate %s", rate).isGreaterThanOrEqualTo(384);
        }
    }

    @Test
    void the_same_input_gives_the_same_answer() {
        Labelled real = draw(40);
        Labelled candidates = draw(100);

        assertThat(new LabelAgreement(LABELS, 3).judge(real, candidates))
                .isEqualTo(new LabelAgreement(LABELS, 3).judge(real, candidates));
    }

    @Test
    void a_label_with_too_few_real_samples_is_not_judged() {
        Labelled real = draw(LABELS * 3);
        Labelled candidates = draw(LABELS * 2);

        assertThat(new LabelAgreement(LABELS, 4).judge(real, candidates)).containsOnlyNulls();
        assertThat(new LabelAgreement(LABELS, 3).judge(real, candidates)).doesNotContainNull();
    }

    @Test
    void nothing_is_judged_without_real_samples_of_two_labels() {
        Labelled none = new Labelled(new float[0][], new int[0]);

        assertThat(new LabelAgreement(LABELS, 1).judge(none, draw(20))).containsOnlyNulls();
    }

    @Test
    void a_single_candidate_is_judged_by_the_real_samples() {
        Labelled real = draw(LABELS * 8);
        float[] text = around(4);

        Agreement right = judgeOne(real, text, 4);
        Agreement wrong = judgeOne(real, text, 7);

        assertThat(right.probability()).isGreaterThan(0.5);
        assertThat(right.rank()).isEqualTo(1);
        assertThat(wrong.probability()).isLessThan(0.5);
        assertThat(wrong.rank()).isGreaterThan(1);
    }

    @Test
    void a_wrong_candidate_among_few_samples_does_not_bend_the_model_to_itself() {
        Labelled real = draw(LABELS * 3);
        for (int label = 0; label < LABELS; label++) {
            assertThat(judgeOne(real, around(label), (label + 1) % LABELS).probability())
                    .isLessThan(0.2);
        }
    }

    @Test
    void candidates_of_a_cohort_support_each_other_where_the_real_samples_have_another_style() {
        Labelled real = draw(LABELS * 3);
        Labelled far = draw(300);
        for (float[] embedding : far.embeddings()) {
            embedding[0] += 0.8f; // a shift that all candidates share
            normalise(embedding);
        }

        List<@Nullable Agreement> agreements = new LabelAgreement(LABELS, 3).judge(real, far);

        assertThat(agreements.stream()
                        .filter(agreement -> agreement.probability() >= 0.5)
                        .count())
                .isGreaterThan(285);
    }

    private Agreement judgeOne(Labelled real, float[] text, int label) {
        return new LabelAgreement(LABELS, 3)
                .judge(real, new Labelled(new float[][] {text}, new int[] {label}))
                .getFirst();
    }

    /** Labels in turn, each around its own centre. */
    private Labelled draw(int count) {
        List<float[]> embeddings = new ArrayList<>();
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % LABELS;
            embeddings.add(around(labels[i]));
        }
        return new Labelled(embeddings.toArray(float[][]::new), labels);
    }

    private float[] around(int label) {
        float[] embedding = centres[label].clone();
        for (int d = 0; d < WIDTH; d++) {
            embedding[d] += (float) (0.13 * random.nextGaussian());
        }
        return normalise(embedding);
    }

    private float[][] centres() {
        float[][] drawn = new float[LABELS][WIDTH];
        for (float[] centre : drawn) {
            for (int d = 0; d < WIDTH; d++) {
                centre[d] = (float) random.nextGaussian();
            }
            normalise(centre);
        }
        return drawn;
    }

    private static float[] normalise(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += value * value;
        }
        for (int d = 0; d < vector.length; d++) {
            vector[d] /= (float) Math.sqrt(sum);
        }
        return vector;
    }
}
