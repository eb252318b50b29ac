package dev.perennial.generator.provider;

import java.util.Objects;

/**
 * What a provider answered.
 *
 * @param promptTokens tokens paid for the prompt
 * @param completionTokens tokens paid for the text
 */
public record Reply(String text, long promptTokens, long completionTokens) {
    public Reply {
        Objects.requireNonNull(text);
    }

    public long tokens() {
        return promptTokens + completionTokens;
    }
}
