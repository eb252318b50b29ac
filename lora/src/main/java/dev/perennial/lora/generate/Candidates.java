package dev.perennial.lora.generate;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The tokens that may come next with their probabilities: most probable first, among equals the smaller token, if top-p
 * leaves tokens out; in the order of the vocabulary if it keeps all.
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
        double total = DoubleStream.of(weights).sum();
        if (sampling.topP() == 1) {
            int[] all = IntStream.range(0, weights.length)
                    .filter(token -> weights[token] > 0)
                    .toArray();
            return of(all, weights);
        }
        int[] order = descending(logits, weights, (1 - sampling.topP()) * total / weights.length);
        int kept = 0;
        double sum = 0;
        while (kept == 0 || (kept < order.length && sum < sampling.topP() * total)) {
            sum += weights[order[kept++]];
        }
        return of(Arrays.copyOf(order, kept), weights);
    }

    private static Candidates of(int[] tokens, double[] weights) {
        double sum = IntStream.of(tokens).mapToDouble(token -> weights[token]).sum();
        return new Candidates(
                tokens,
                IntStream.of(tokens).mapToDouble(token -> weights[token] / sum).toArray());
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

    /**
     * Tokens from the most probable on, without those so light that all of them together cannot hold what top-p leaves
     * out: sorting a vocabulary at every token would cost as much as a small model.
     */
    private static int[] descending(float[] logits, double[] weights, double lightest) {
        long[] keys = new long[logits.length];
        int count = 0;
        for (int i = 0; i < logits.length; i++) {
            if (weights[i] >= lightest) {
                int bits = Float.floatToIntBits(logits[i] + 0f); // -0 becomes 0
                int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
                keys[count++] = ((long) ~ascending << 32) | i; // the token in the low half: no boxing
            }
        }
        Arrays.sort(keys, 0, count);
        return LongStream.of(keys).limit(count).mapToInt(key -> (int) key).toArray();
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
