package dev.perennial.evaluator.drift;

import dev.perennial.common.event.LabelErrors;
import dev.perennial.evaluator.metric.Interval;
import java.util.Comparator;
import java.util.List;

/** Names the labels that went bad: pure, from counts before and since the change. */
final class BadLabels {
    /** One wrong answer is no evidence against a label. */
    private static final int MIN_ERRORS = 2;

    private BadLabels() {}

    /**
     * Answers whose true label is known.
     *
     * @param before before the change
     * @param recent since the change
     */
    record Counts(LabelErrors before, LabelErrors recent) {
        /** The rate that the recent one must exceed; a label without a past is held against all of the past. */
        private double rateBefore(double overall) {
            return before.total() == 0 ? overall : (double) before.errors() / before.total();
        }

        private double recentAtLeast() {
            return Interval.ofShare(recent.errors(), recent.total()).lower();
        }
    }

    /**
     * The labels whose recent error rate is above what it was, beyond noise.
     *
     * @return their recent errors, worst first; empty when no label stands out
     */
    static List<LabelErrors> of(List<Counts> labels, double errorRateBefore) {
        return labels.stream()
                .filter(label -> label.recent().errors() >= MIN_ERRORS)
                .filter(label -> label.recentAtLeast() > label.rateBefore(errorRateBefore))
                .sorted(Comparator.comparingDouble(Counts::recentAtLeast)
                        .reversed()
                        .thenComparing(label -> label.recent().label()))
                .map(Counts::recent)
                .toList();
    }
}
