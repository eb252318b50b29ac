package dev.perennial.lora;

import java.util.List;

/**
 * What a model wrote.
 *
 * @param text goes on where the prompt ends, so it may begin with a space; without special tokens, and without the stop
 *     string that ended it
 * @param tokens all that were generated, with the stop token or those of the stop string
 * @param logProbabilities natural logarithms of the probability of each token under the model itself, before temperature
 *     and top-p; empty if they were not asked for
 * @param promptTokens how many the prompt had
 */
public record Generation(
        String text, List<Long> tokens, List<Double> logProbabilities, Finish finish, int promptTokens) {
    public Generation {
        tokens = List.copyOf(tokens);
        logProbabilities = List.copyOf(logProbabilities);
    }

    /** Why a text ended. */
    public enum Finish {
        /** The model said so, by one of its end-of-text tokens. */
        STOP_TOKEN,
        STOP_STRING,
        /** maxTokens or the model's last position was reached. */
        LENGTH,
        /** The listener did not want more. */
        CANCELLED
    }
}
