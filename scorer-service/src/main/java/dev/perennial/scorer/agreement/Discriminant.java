package dev.perennial.scorer.agreement;

import java.util.Arrays;

/**
 * Linear discriminant analysis that judges each of its own samples as if it had not seen it: in whitened space the score
 * of a label is {@code z.m - |m|^2 / 2} for its mean m, and for the sample's own label m is the mean without the sample.
 * Leaving one out costs nothing that way, so that nothing has to be fitted again for cross-validation.
 *
 * <p>Fisher 1936; Ledoit and Wolf 2004 for the shrinkage.
 */
final class Discriminant {
    private final int labels;

    Discriminant(int labels) {
        this.labels = labels;
    }

    /**
     * Scores all samples.
     *
     * @param weights [N], the probability that each label is right
     * @return [N][L]; negative infinity for a label that nothing but this sample speaks for
     */
    float[][] leaveOneOut(Labelled samples, double[] weights) {
        float[][] x = samples.embeddings();
        int[] y = samples.labels();
        double[] mass = new double[labels];
        Whitening whitening = Whitening.of(x, y, weights, means(x, y, weights, mass));
        float[][] z = new float[x.length][];
        for (int i = 0; i < x.length; i++) {
            z[i] = whitening.apply(x[i]);
        }
        float[][] means = means(z, y, weights, mass);
        float[][] scores = scores(z, means, mass);
        for (int i = 0; i < z.length; i++) {
            scores[i][y[i]] = (float) without(z[i], weights[i], means[y[i]], mass[y[i]]);
        }
        return scores;
    }

    /** [L][D]; fills {@code mass} with the weight of each label. */
    private float[][] means(float[][] x, int[] y, double[] weights, double[] mass) {
        float[][] means = new float[labels][x[0].length];
        Arrays.fill(mass, 0);
        for (int i = 0; i < x.length; i++) {
            mass[y[i]] += weights[i];
            addTo(means[y[i]], (float) weights[i], x[i]);
        }
        for (int label = 0; label < labels; label++) {
            for (int d = 0; d < means[label].length && mass[label] > 0; d++) {
                means[label][d] /= (float) mass[label];
            }
        }
        return means;
    }

    private float[][] scores(float[][] z, float[][] means, double[] mass) {
        int width = z[0].length;
        float[][] transposed = new float[width][labels];
        float[] offsets = new float[labels];
        for (int label = 0; label < labels; label++) {
            offsets[label] = mass[label] > 0 ? -(float) dot(means[label], means[label]) / 2 : Float.NEGATIVE_INFINITY;
            for (int d = 0; d < width; d++) {
                transposed[d][label] = means[label][d];
            }
        }
        float[][] scores = new float[z.length][];
        for (int i = 0; i < z.length; i++) {
            scores[i] = offsets.clone();
            for (int d = 0; d < width; d++) {
                addTo(scores[i], z[i][d], transposed[d]);
            }
        }
        return scores;
    }

    private static void addTo(float[] sum, float factor, float[] row) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * row[i];
        }
    }

    /** The score under the mean {@code (mass m - weight z) / (mass - weight)}. */
    private static double without(float[] z, double weight, float[] mean, double mass) {
        double rest = mass - weight;
        if (rest < 1e-3) {
            return Double.NEGATIVE_INFINITY;
        }
        double zz = dot(z, z);
        double zm = dot(z, mean);
        double mm = dot(mean, mean);
        double projection = (mass * zm - weight * zz) / rest;
        double norm = (mass * mass * mm - 2 * mass * weight * zm + weight * weight * zz) / (rest * rest);
        return projection - norm / 2;
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int d = 0; d < left.length; d++) {
            sum += left[d] * right[d];
        }
        return sum;
    }
}
