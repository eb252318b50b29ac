package dev.perennial.lora.probe;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;

/**
 * {@code sum_i w_i CE(softmax(W x_i + b), y_i) / sum_i w_i + penalty / 2 |W|^2} as a function of W and b together,
 * [L,D+1]: the bias is the weight of a constant feature.
 *
 * @param x features with a constant one, [N,D+1]
 * @param targets each sample's share of the weights in the column of its class, [N,L]
 * @param shares the same, [N,1]
 */
record Regression(PtNDManager memory, PtNDArray x, PtNDArray targets, PtNDArray shares, double penalty)
        implements Lbfgs.Objective {

    static Regression of(
            PtNDManager memory, float[][] rows, int[] classes, float[] weights, int labels, double penalty) {
        int n = rows.length;
        int d = rows[0].length + 1;
        float[] x = new float[n * d];
        float[] targets = new float[n * labels];
        float[] shares = new float[n];
        double total = 0;
        for (float weight : weights) {
            total += weight;
        }
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows[i], 0, x, i * d, d - 1);
            x[i * d + d - 1] = 1;
            shares[i] = (float) (weights[i] / total);
            targets[i * labels + classes[i]] = shares[i];
        }
        return new Regression(
                memory,
                Torch.floats(memory, x, n, d),
                Torch.floats(memory, targets, n, labels),
                Torch.floats(memory, shares, n, 1),
                penalty);
    }

    @Override
    public Lbfgs.Point at(double[] w) {
        int d = (int) x.getShape().get(1);
        try (PtNDManager scope = Torch.within(memory)) {
            PtNDArray weights = Torch.floats(scope, narrowed(w), w.length / d, d);
            PtNDArray logits = JniUtils.linear(x, weights, null); // [N,L]
            logits.attach(scope);
            PtNDArray logProbabilities = JniUtils.logSoftmax(logits, 1, DataType.FLOAT32);
            double loss = -JniUtils.sum(JniUtils.mul(logProbabilities, targets)).getFloat();
            PtNDArray residual = JniUtils.mul(JniUtils.exp(logProbabilities), shares); // w (p - y), [N,L]
            JniUtils.subi(residual, targets);
            float[] slope =
                    JniUtils.matmul(JniUtils.transpose(residual, 0, 1), x).toFloatArray(); // [L,D+1]
            return penalised(w, loss, slope, d);
        }
    }

    private Lbfgs.Point penalised(double[] w, double loss, float[] slope, int d) {
        double[] gradient = new double[w.length];
        double squares = 0;
        for (int i = 0; i < w.length; i++) {
            boolean bias = i % d == d - 1;
            gradient[i] = slope[i] + (bias ? 0 : penalty * w[i]);
            squares += bias ? 0 : w[i] * w[i];
        }
        return new Lbfgs.Point(w, loss + penalty / 2 * squares, gradient);
    }

    private static float[] narrowed(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }
}
