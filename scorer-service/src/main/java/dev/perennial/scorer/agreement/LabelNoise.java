package dev.perennial.scorer.agreement;

import java.util.Arrays;

/**
 * How many of the candidates' labels are wrong, and which.
 *
 * <p>A candidate's label is right with probability 1 - e and then drawn from the model's {@code softmax(scores / T)};
 * else it is any of the L labels. Real samples are right. T is the temperature of the greatest likelihood, e is estimated
 * by expectation maximisation with a weak prior that one in ten is wrong; the posterior probability of "right" follows by
 * Bayes.
 */
final class LabelNoise {
    private static final double[] TEMPERATURES = temperatures();
    private static final int STEPS = 30;
    private static final double PRIOR_WRONG = 1;
    private static final double PRIOR_ALL = 10;

    private final int labels;

    LabelNoise(int labels) {
        this.labels = labels;
    }

    /** The likelihood of the parameters tried, and each sample's probability of being right, [N]. */
    @SuppressWarnings("ArrayRecordComponent") // does not leave this class
    private record Fit(double logLikelihood, double[] right) {}

    private static double[] temperatures() {
        double[] temperatures = new double[14];
        for (int i = 0; i < temperatures.length; i++) {
            temperatures[i] = 0.5 * Math.pow(1.5, i); // 0.5 to 97
        }
        return temperatures;
    }

    /**
     * The probability that each label is right, [N].
     *
     * @param scores [N][L] of models that did not see the sample
     * @param y [N]
     * @param real the first so many samples are real
     */
    double[] right(float[][] scores, int[] y, int real) {
        Fit best = new Fit(Double.NEGATIVE_INFINITY, new double[y.length]);
        for (double temperature : TEMPERATURES) {
            double[] claimed = new double[y.length];
            for (int i = 0; i < y.length; i++) {
                claimed[i] = probability(scores[i], y[i], temperature);
            }
            Fit fit = fit(claimed, real);
            best = fit.logLikelihood > best.logLikelihood ? fit : best;
        }
        return best.right;
    }

    private static double probability(float[] scores, int label, double temperature) {
        if (scores[label] == Float.NEGATIVE_INFINITY) {
            return 0;
        }
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp((score - scores[label]) / temperature);
        }
        return 1 / sum;
    }

    private Fit fit(double[] claimed, int real) {
        double[] right = new double[claimed.length];
        Arrays.fill(right, 0, real, 1);
        double noise = PRIOR_WRONG / PRIOR_ALL;
        for (int step = 0; step < STEPS; step++) {
            double wrong = PRIOR_WRONG;
            for (int i = real; i < claimed.length; i++) {
                double good = (1 - noise) * claimed[i];
                right[i] = good / (good + noise / labels);
                wrong += 1 - right[i];
            }
            noise = wrong / (claimed.length - real + PRIOR_ALL);
        }
        double logLikelihood = 0;
        for (int i = 0; i < claimed.length; i++) {
            double likelihood = i < real ? claimed[i] : (1 - noise) * claimed[i] + noise / labels;
            logLikelihood += Math.log(Math.max(likelihood, 1e-9));
        }
        return new Fit(logLikelihood, right);
    }
}
