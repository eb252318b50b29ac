package dev.perennial.lora;

import dev.perennial.lora.probe.Softmax;

/**
 * What a classifier's logits are divided by before the softmax, so that its confidences are as high as it is right: the T
 * that makes {@code mean_i -log softmax(z_i / T)_yi} least over a validation split. It changes no label.
 *
 * <p>Source: Guo et al., arXiv:1706.04599, section 4.2. Different: each target gives {@code 1/(N+2)} of its probability to
 * all labels alike (after Platt, 1999, section 2.2), without which a split of N texts that are all right would ask for
 * certainty, T = 0.
 */
final class Temperature {
    static final double NONE = 1;
    static final double MIN = 0.05;
    static final double MAX = 20;

    private static final int HALVINGS = 60;

    private Temperature() {}

    /**
     * The loss is convex in 1/T: its slope's zero is found by halving.
     *
     * @param logits [N][L], N at least 1
     */
    static double fit(float[][] logits, int[] classes) {
        double low = 1 / MAX;
        double high = 1 / MIN;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = Math.sqrt(low * high);
            if (slope(logits, classes, middle) > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.clamp(1 / Math.sqrt(low * high), MIN, MAX);
    }

    /** {@code d loss / d(1/T) = sum_i sum_l (p_il - t_il) z_il}, p the probabilities and t the targets. */
    private static double slope(float[][] logits, int[] classes, double inverse) {
        double spread = 1.0 / (classes.length + 2);
        double sum = 0;
        for (int i = 0; i < classes.length; i++) {
            float[] probabilities = Softmax.of(logits[i], 1 / inverse);
            for (int label = 0; label < probabilities.length; label++) {
                double target = spread / probabilities.length + (label == classes[i] ? 1 - spread : 0);
                sum += (probabilities[label] - target) * logits[i][label];
            }
        }
        return sum;
    }
}
