package dev.perennial.lora.generate;

import java.util.Arrays;
import java.util.Objects;

/**
 * The tokens that may come next with their probabilities, most probable first; among equals the smaller token.
 *
 * @param tokens [K]
 * @param probabilities [K], of sum 1
 */
@SuppressWarnings("ArrayRecordComponent") // made anew for every token: a copy would double the work
public record Candidates(int[] tokens, double[] probabilities) {
    /**
     * Those that are left of a model's logits.
     *
     * <p>Source: Holtzman et al., arXiv:1904.09751, section 3.1, as in transformers' TemperatureLogitsWarper and
     * TopPLogitsWarper: the token with which the sum reaches top-p is kept, and at least one token always is.
     * Different: sums are taken in 64 bits from the most probable token on, where transformers adds 32-bit floats from
     * the least probable one; they can differ by a token whose sum meets top-p to within rounding.
     *
     * @param logits [V]; of minus infinity a token is excluded
     * @throws IllegalArgumentException if no logit is finite, or one is NaN or plus infinity
     */
    public static Candidates of(float[] logits, Sampling sampling) {
        if (sampling.isGreedy()) {
            return new Candidates(new int[] {largest(logits)}, new double[] {1});
        }
        double[] weights = weights(logits, sampling.temperature());
        long[] order = descending(logits);
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        int kept = 0;
        double sum = 0;
        while (kept == 0
                || (kept < order.length && sum < sampling.topP() * total && weightOf(order, kept, weights) > 0)) {
            sum += weightOf(order, kept++, weights);
        }
        int[] tokens = new int[kept];
        double[] probabilities = new double[kept];
        for (int i = 0; i < kept; i++) {
            tokens[i] = (int) order[i];
            probabilities[i] = weights[tokens[i]] / sum;
        }
        return new Candidates(tokens, probabilities);
    }

    private static double weightOf(long[] order, int index, double[] weights) {
        return weights[(int) order[index]];
    }

    /** {@code exp(logit / temperature - max / temperature)}, the quotients in 32 bits as in the reference. */
    private static double[] weights(float[] logits, double temperature) {
        float divisor = (float) temperature;
        double max = logits[largest(logits)] / divisor;
        double[] weights = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp(logits[i] / divisor - max);
        }
        return weights;
    }

    /** The first of the largest. */
    private static int largest(float[] logits) {
        int best = -1;
        for (int i = 0; i < logits.length; i++) {
            if (Float.isNaN(logits[i]) || logits[i] == Float.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("the logit of token " + i + " is " + logits[i]);
            }
            if (logits[i] != Float.NEGATIVE_INFINITY && (best < 0 || logits[i] > logits[best])) {
                best = i;
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException("every token is excluded");
        }
        return best;
    }

    /** Tokens in the low halves of sorted keys: no boxing of a vocabulary at every step. */
    private static long[] descending(float[] logits) {
        long[] keys = new long[logits.length];
        for (int i = 0; i < logits.length; i++) {
            int bits = Float.floatToIntBits(logits[i] + 0f); // -0 becomes 0
            int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            keys[i] = ((long) ~ascending << 32) | i;
        }
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++) {
            keys[i] &= 0xffffffffL;
        }
        return keys;
    }

    /**
     * The token at a point of the distribution.
     *
     * @param uniform at least 0 and below 1
     */
    public int at(double uniform) {
        Objects.checkIndex((int) Math.floor(uniform), 1);
        double sum = 0;
        for (int i = 0; i < tokens.length - 1; i++) {
            sum += probabilities[i];
            if (uniform < sum) {
                return tokens[i];
            }
        }
        return tokens[tokens.length - 1];
    }
}
