package dev.perennial.lora;

import java.util.List;

/**
 * How likely a model finds a text.
 *
 * @param tokens those scored
 * @param logProbabilities the natural logarithm of the probability of each, given all before it
 */
public record Score(List<Long> tokens, List<Double> logProbabilities) {
    public Score {
        tokens = List.copyOf(tokens);
        logProbabilities = List.copyOf(logProbabilities);
    }

    /** The logarithm of the probability of the whole. */
    public double logProbability() {
        return logProbabilities.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** {@code exp(- mean log p)}: among how many equally likely tokens the model would be as unsure. */
    public double perplexity() {
        return Math.exp(-logProbability() / logProbabilities.size());
    }
}
