package dev.perennial.lora.probe;

/** The softmax of one row. */
public final class Softmax {
    private Softmax() {}

    public static float[] of(float[] logits) {
        return of(logits, 1);
    }

    /** Of the logits over a temperature. */
    public static float[] of(float[] logits, double temperature) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        double[] exponents = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            exponents[i] = Math.exp((logits[i] - max) / temperature);
            sum += exponents[i];
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (exponents[i] / sum);
        }
        return probabilities;
    }

    /** The first of the largest. */
    public static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
