package dev.perennial.scorer.agreement;

import java.util.Arrays;

/**
 * Linear discriminant analysis that judges each of its own samples as if it had not seen it.
 *
 * <p>In whitened space the score of a label with mean m is {@code z.m - |m|^2 / 2}. Leaving out the sample changes the
 * mean of its own label, {@code m' = m - w/(M - w) r} with {@code r = z - m}, w its weight and M the label's, and the
 * covariance from I to {@code I - b r r^T} with {@code b = (1 - shrinkage) w M/(M - w) / sum of weights}; by Sherman and
 * Morrison every product {@code u.v} becomes {@code u.v + g (r.u)(r.v)} with {@code g = b / (1 - b |r|^2)}. So
 * leaving out costs next to nothing and no model is fitted again. (That the shrinkage target changes too is neglected.)
 */
final class Discriminant {
    private static final double NOTHING_LEFT = 1e-3;

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
        float[][] gram = products(means, means); // [L][L]
        float[][] products = products(z, means); // [N][L]
        double total = Arrays.stream(mass).sum();
        for (int i = 0; i < z.length; i++) {
            double rest = mass[y[i]] - weights[i];
            LeftOut leftOut = rest < NOTHING_LEFT
                    ? LeftOut.unsupported(y[i])
                    : new LeftOut(
                            y[i],
                            weights[i] / rest,
                            (1 - Whitening.SHRINKAGE) * weights[i] * mass[y[i]] / rest / total,
                            dot(z[i], z[i]));
            leftOut.score(products[i], gram, mass);
        }
        return products;
    }

    /**
     * A sample that is left out.
     *
     * @param own its label
     * @param shift {@code w / (M - w)}
     * @param share b
     * @param square {@code |z|^2}
     */
    private record LeftOut(int own, double shift, double share, double square) {
        static LeftOut unsupported(int own) {
            return new LeftOut(own, Double.POSITIVE_INFINITY, 0, 0);
        }

        /** Turns its products with the means, [L], into scores. */
        void score(float[] products, float[][] gram, double[] mass) {
            double zm = products[own];
            double mm = gram[own][own];
            double rr = square - 2 * zm + mm;
            double rz = square - zm;
            double g = share / Math.max(NOTHING_LEFT, 1 - share * rr);
            for (int label = 0; label < products.length; label++) {
                double product = products[label];
                double norm = gram[label][label];
                double projection = product - gram[own][label]; // r.m
                if (label == own) {
                    product -= shift * rz;
                    norm += -2 * shift * projection + shift * shift * rr;
                    projection -= shift * rr;
                }
                boolean unsupported = mass[label] <= 0 || (label == own && Double.isInfinite(shift));
                products[label] = unsupported
                        ? Float.NEGATIVE_INFINITY
                        : (float) (product + g * projection * rz - (norm + g * projection * projection) / 2);
            }
        }
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

    /** The products of each of [N][D] with each of [L][D], [N][L]. */
    private static float[][] products(float[][] rows, float[][] means) {
        int width = means[0].length;
        float[][] transposed = new float[width][means.length];
        for (int label = 0; label < means.length; label++) {
            for (int d = 0; d < width; d++) {
                transposed[d][label] = means[label][d];
            }
        }
        float[][] products = new float[rows.length][means.length];
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < width; d++) {
                addTo(products[i], rows[i][d], transposed[d]);
            }
        }
        return products;
    }

    private static void addTo(float[] sum, float factor, float[] row) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * row[i];
        }
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int d = 0; d < left.length; d++) {
            sum += left[d] * right[d];
        }
        return sum;
    }
}
