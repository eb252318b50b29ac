package dev.perennial.scorer.agreement;

/**
 * The linear map that turns the pooled within-label covariance into the identity.
 *
 * <p>{@code S = (1 - shrinkage) C + shrinkage tr(C)/D I = K K^T; z = K^-1 x}. Without shrinkage D times D numbers would
 * be estimated from a few hundred samples.
 */
final class Whitening {
    static final double SHRINKAGE = 0.6;

    /** Column j of K at [j], from the diagonal down. */
    private final float[][] columns;

    private Whitening(float[][] columns) {
        this.columns = columns;
    }

    /**
     * Estimates the map.
     *
     * @param x [N][D]
     * @param y [N]
     * @param weights [N]
     * @param means [L][D]
     */
    static Whitening of(float[][] x, int[] y, double[] weights, float[][] means) {
        int width = x[0].length;
        float[][] covariance = new float[width][width]; // lower triangle
        double total = 0;
        float[] residual = new float[width];
        for (int i = 0; i < x.length; i++) {
            float[] mean = means[y[i]];
            for (int d = 0; d < width; d++) {
                residual[d] = x[i][d] - mean[d];
            }
            accumulate(covariance, residual, (float) weights[i]);
            total += weights[i];
        }
        return new Whitening(cholesky(shrunk(covariance, total)));
    }

    private static void accumulate(float[][] covariance, float[] residual, float weight) {
        for (int a = 0; a < residual.length; a++) {
            float[] row = covariance[a];
            float scaled = weight * residual[a];
            for (int b = 0; b <= a; b++) {
                row[b] += scaled * residual[b];
            }
        }
    }

    private static double[][] shrunk(float[][] covariance, double total) {
        int width = covariance.length;
        double trace = 0;
        for (int d = 0; d < width; d++) {
            trace += covariance[d][d] / total;
        }
        double ridge = SHRINKAGE * trace / width + 1e-9;
        double[][] shrunk = new double[width][width];
        for (int a = 0; a < width; a++) {
            for (int b = 0; b <= a; b++) {
                shrunk[a][b] = (1 - SHRINKAGE) * covariance[a][b] / total + (a == b ? ridge : 0);
            }
        }
        return shrunk;
    }

    private static float[][] cholesky(double[][] matrix) {
        int width = matrix.length;
        float[][] columns = new float[width][];
        for (int j = 0; j < width; j++) {
            for (int i = j; i < width; i++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= matrix[i][k] * matrix[j][k];
                }
                matrix[i][j] = i == j ? Math.sqrt(sum) : sum / matrix[j][j];
            }
        }
        for (int j = 0; j < width; j++) {
            columns[j] = new float[width - j];
            for (int i = j; i < width; i++) {
                columns[j][i - j] = (float) matrix[i][j];
            }
        }
        return columns;
    }

    /** {@code K^-1 x}, [D]. */
    float[] apply(float[] x) {
        float[] rest = x.clone();
        for (int j = 0; j < rest.length; j++) {
            float[] column = columns[j];
            float value = rest[j] / column[0];
            rest[j] = value;
            for (int i = 1; i < column.length; i++) {
                rest[i + j] -= value * column[i];
            }
        }
        return rest;
    }
}
