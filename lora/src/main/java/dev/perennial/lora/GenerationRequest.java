package dev.perennial.lora;

import dev.perennial.lora.generate.Sampling;
import dev.perennial.lora.generate.StopStrings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text to be continued.
 *
 * @param maxTokens at most so many are generated; fewer if the model's positions are used up before
 * @param seed of this request's own draws: what else is in the batch does not change them
 * @param stopStrings the text ends before the first of them that it would hold. They are looked for in what is shown, so
 *     without special tokens, across the borders of tokens
 * @param adapter what adapts the model for this request; null for the bare model
 * @param logProbabilities whether those of the chosen tokens are wanted, at the cost of a pass over the vocabulary for each
 */
public record GenerationRequest(
        Prompt prompt,
        int maxTokens,
        Sampling sampling,
        long seed,
        List<String> stopStrings,
        @Nullable LanguageAdapter adapter,
        boolean logProbabilities) {
    private static final int DEFAULT_MAX_TOKENS = 256;

    public GenerationRequest {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, not " + maxTokens);
        }
        stopStrings = List.copyOf(stopStrings);
        new StopStrings(stopStrings); // refuses an empty one
    }

    /** The likeliest tokens, at most 256 of them. */
    public static GenerationRequest of(Prompt prompt) {
        return new GenerationRequest(prompt, DEFAULT_MAX_TOKENS, Sampling.greedy(), 0, List.of(), null, false);
    }

    public static GenerationRequest of(String prompt) {
        return of(Prompt.text(prompt));
    }

    public GenerationRequest withMaxTokens(int value) {
        return new GenerationRequest(prompt, value, sampling, seed, stopStrings, adapter, logProbabilities);
    }

    public GenerationRequest withSampling(Sampling value, long itsSeed) {
        return new GenerationRequest(prompt, maxTokens, value, itsSeed, stopStrings, adapter, logProbabilities);
    }

    public GenerationRequest withStopStrings(String... values) {
        return new GenerationRequest(prompt, maxTokens, sampling, seed, List.of(values), adapter, logProbabilities);
    }

    public GenerationRequest withAdapter(@Nullable LanguageAdapter value) {
        return new GenerationRequest(prompt, maxTokens, sampling, seed, stopStrings, value, logProbabilities);
    }

    public GenerationRequest withLogProbabilities() {
        return new GenerationRequest(prompt, maxTokens, sampling, seed, stopStrings, adapter, true);
    }
}
