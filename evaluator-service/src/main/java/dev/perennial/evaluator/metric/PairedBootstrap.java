package dev.perennial.evaluator.metric;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * How far two models' scores on one set differ beyond the chance of which texts are in it: texts are drawn again with
 * replacement, the same ones for both models, and the middle 95 % of the differences is the interval (Efron and
 * Tibshirani 1993, chapter 13, percentile interval).
 */
public final class PairedBootstrap {
    private static final int RESAMPLES = 2_000;

    private PairedBootstrap() {}

    /**
     * Interval of {@code metric(candidate) - metric(reference)}.
     *
     * @param candidate answers to at least one text
     * @param reference answers to the same texts
     * @param seed the same seed gives the same interval
     */
    public static Interval gain(Metric metric, Answers candidate, Answers reference, long seed) {
        if (candidate.size() == 0 || !candidate.truth().equals(reference.truth())) {
            throw new IllegalArgumentException("the two must have answered the same texts, and at least one");
        }
        LabelIndex index = new LabelIndex(List.of(candidate.truth(), candidate.predicted(), reference.predicted()));
        int labels = index.labels().size();
        int[] truth = index.numbers(candidate.truth());
        int[] ours = index.numbers(candidate.predicted());
        int[] theirs = index.numbers(reference.predicted());
        RandomGenerator random = new SplittableRandom(seed);
        double[] gains = new double[RESAMPLES];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            Tally our = new Tally(labels);
            Tally their = new Tally(labels);
            for (int draw = 0; draw < truth.length; draw++) {
                int text = random.nextInt(truth.length);
                our.add(truth[text], ours[text]);
                their.add(truth[text], theirs[text]);
            }
            gains[resample] = metric.score(our) - metric.score(their);
        }
        Arrays.sort(gains);
        return new Interval(quantile(gains, Interval.ERROR_RATE / 2), quantile(gains, 1 - Interval.ERROR_RATE / 2));
    }

    /** Between the two nearest values, linearly. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
