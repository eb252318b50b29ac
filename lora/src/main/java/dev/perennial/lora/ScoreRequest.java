package dev.perennial.lora;

import org.jspecify.annotations.Nullable;

/**
 * A text to be scored.
 *
 * @param given what comes before it and is not scored; null if nothing does, and then the text's first token is not scored
 *     unless the tokenizer puts one before it
 * @param adapter what adapts the model; null for the bare model
 */
public record ScoreRequest(
        @Nullable Prompt given, String text, @Nullable LanguageAdapter adapter) {
    public static ScoreRequest of(String text) {
        return new ScoreRequest(null, text, null);
    }

    /**
     * An answer. After a text or a chat, both are cut into tokens as one text, and a token across the border counts as the
     * answer's; after tokens, the answer is cut alone.
     */
    public static ScoreRequest of(Prompt given, String text) {
        return new ScoreRequest(given, text, null);
    }

    public ScoreRequest withAdapter(@Nullable LanguageAdapter value) {
        return new ScoreRequest(given, text, value);
    }
}
