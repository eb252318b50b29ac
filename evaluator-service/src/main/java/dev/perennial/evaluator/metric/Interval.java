package dev.perennial.evaluator.metric;

import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/** A 95 % interval. */
public record Interval(double lower, double upper) {
    static final double ERROR_RATE = 0.05;

    /**
     * Of a share (Wilson 1927): honest for small counts and near 0 and 1.
     *
     * @param of at least 1
     */
    public static Interval ofShare(int part, int of) {
        var interval = BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(of, part, ERROR_RATE);
        return new Interval(interval.getLowerBound(), interval.getUpperBound());
    }
}
