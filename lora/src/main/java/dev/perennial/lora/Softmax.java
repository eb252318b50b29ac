package dev.perennial.lora;

/** The softmax of one row. */
final class Softmax {
    private Softmax() {}

    static float[] of(float[] logits) {
        return of(logits, Temperature.NONE);
    }

    /** Of the logits over a temperature. */
    static float[] of(float[] logits, double temperature) {
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
    static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
