package dev.perennial.evaluator.metric;

import java.util.List;

/** How often each label was true, was answered, and was answered where it was true. All that a metric needs. */
public final class Tally {
    private final int[] support;
    private final int[] answered;
    private final int[] hits;
    private int total;

    Tally(int labels) {
        support = new int[labels];
        answered = new int[labels];
        hits = new int[labels];
    }

    public static Tally of(Answers answers) {
        LabelIndex index = new LabelIndex(List.of(answers.truth(), answers.predicted()));
        Tally tally = new Tally(index.labels().size());
        int[] truth = index.numbers(answers.truth());
        int[] predicted = index.numbers(answers.predicted());
        for (int i = 0; i < truth.length; i++) {
            tally.add(truth[i], predicted[i]);
        }
        return tally;
    }

    void add(int truth, int predicted) {
        support[truth]++;
        answered[predicted]++;
        if (truth == predicted) {
            hits[truth]++;
        }
        total++;
    }

    /** Labels are numbered from 0, in alphabetical order of those that occur in truth or answers. */
    public int labels() {
        return support.length;
    }

    /** How many texts were answered. */
    public int total() {
        return total;
    }

    /** How many texts have this label. */
    public int support(int label) {
        return support[label];
    }

    /** How many texts were given this label. */
    public int answered(int label) {
        return answered[label];
    }

    /** How many texts have this label and were given it. */
    public int hits(int label) {
        return hits[label];
    }

    double precision(int label) {
        return ratio(hits[label], answered[label]);
    }

    double recall(int label) {
        return ratio(hits[label], support[label]);
    }

    /** {@code 2 P R / (P + R)}, written with counts. */
    double f1(int label) {
        return ratio(2 * hits[label], support[label] + answered[label]);
    }

    static double ratio(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
