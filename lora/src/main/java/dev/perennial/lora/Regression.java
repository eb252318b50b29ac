package dev.perennial.lora;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;
import java.util.Arrays;

/**
 * The loss of a softmax regression as arrays: features x [N,D+1] with a constant one, targets [N,L], normalised sample
 * weights [N,1], and the penalty of each weight [1,D+1].
 */
record Regression(PtNDArray x, PtNDArray targets, PtNDArray sampleWeights, PtNDArray penalty) {
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
            targets[i * labels + classes[i]] = 1;
            shares[i] = (float) (weights[i] / total);
        }
        float[] penalties = new float[d];
        Arrays.fill(penalties, 0, d - 1, (float) penalty);
        PtNDArray features = Torch.floats(memory, x, n, d);
        return new Regression(
                features,
                Torch.floats(memory, targets, n, labels),
                Torch.floats(memory, shares, n, 1),
                Torch.floats(memory, penalties, 1, d));
    }

    /** {@code (P - Y)^T diag(w) X + penalty * W}, [L,D+1]. */
    PtNDArray gradient(PtNDManager step, PtNDArray w) {
        PtNDArray logits = JniUtils.linear(x, w, null); // [N,L]
        logits.attach(step);
        PtNDArray residual = JniUtils.softmax(logits, 1, DataType.FLOAT32);
        JniUtils.subi(residual, targets);
        JniUtils.muli(residual, sampleWeights);
        PtNDArray gradient = JniUtils.matmul(JniUtils.transpose(residual, 0, 1), x); // [L,D+1]
        PtNDArray decay = JniUtils.mul(w, penalty);
        decay.attach(step);
        JniUtils.addi(gradient, decay);
        return gradient;
    }
}
