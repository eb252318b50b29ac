package dev.perennial.scorer.agreement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the claimed labels of a cohort of candidates against the real samples and against each other.
 *
 * <p>A model of all samples, each candidate weighted by the probability that its label is right, judges every candidate
 * as if it had not seen it ({@link Discriminant}); from that follow the share of wrong labels and the probability for
 * each ({@link LabelNoise}), and the model is fitted again with the new weights. Candidates whose labels are right
 * support each other where real samples are few; the model never asks for how many are wrong.
 *
 * <p>Deterministic. A cohort of 3,000 with 750 real samples and 150 labels takes seconds.
 */
public final class LabelAgreement {
    private static final int ROUNDS = 5;
    private static final double LEAST_WEIGHT = 1e-6;
    /** At first the real samples speak: where they are few, one wrong candidate would bend the model to itself. */
    private static final double FIRST_WEIGHT = 0.1;

    private final int labels;
    private final int minPerLabel;

    /**
     * For one task.
     *
     * @param labels L
     * @param minPerLabel real samples that a label needs before its candidates are judged
     */
    public LabelAgreement(int labels, int minPerLabel) {
        this.labels = labels;
        this.minPerLabel = minPerLabel;
    }

    /** One a candidate, in their order; null where too little is known of the label to say anything. */
    public List<@Nullable Agreement> judge(Labelled real, Labelled candidates) {
        int[] support = new int[labels];
        for (int label : real.labels()) {
            support[label]++;
        }
        List<@Nullable Agreement> agreements = new ArrayList<>(Arrays.asList(new Agreement[candidates.size()]));
        long represented = Arrays.stream(support).filter(count -> count > 0).count();
        if (represented < 2 || candidates.size() == 0) {
            return agreements;
        }
        Labelled all = join(real, candidates);
        double[] right = new double[all.size()];
        Arrays.fill(right, 0, real.size(), 1);
        Arrays.fill(right, real.size(), right.length, FIRST_WEIGHT);
        float[][] scores = new float[0][];
        for (int round = 0; round < ROUNDS; round++) {
            scores = new Discriminant(labels).leaveOneOut(all, right);
            right = new LabelNoise(labels).right(scores, all.labels(), real.size());
            raise(right);
        }
        for (int i = 0; i < candidates.size(); i++) {
            int label = candidates.labels()[i];
            int row = real.size() + i;
            if (support[label] >= minPerLabel) {
                agreements.set(i, new Agreement(right[row], rank(scores[row], label)));
            }
        }
        return agreements;
    }

    private static void raise(double[] weights) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.max(weights[i], LEAST_WEIGHT);
        }
    }

    private static int rank(float[] scores, int label) {
        int rank = 1;
        for (float score : scores) {
            rank += score > scores[label] ? 1 : 0;
        }
        return rank;
    }

    private static Labelled join(Labelled first, Labelled second) {
        float[][] embeddings = Arrays.copyOf(first.embeddings(), first.size() + second.size());
        System.arraycopy(second.embeddings(), 0, embeddings, first.size(), second.size());
        int[] labels = Arrays.copyOf(first.labels(), embeddings.length);
        System.arraycopy(second.labels(), 0, labels, first.size(), second.size());
        return new Labelled(embeddings, labels);
    }
}
