package dev.perennial.lora.decoder;

/**
 * A text to learn from.
 *
 * @param prompt how many of its first tokens are given: the loss counts the tokens after them only. The very first token
 *     never counts, since nothing comes before it
 */
@SuppressWarnings("ArrayRecordComponent") // as it comes from a tokenizer; nobody compares examples
public record CausalExample(long[] tokens, int prompt) {
    public CausalExample {
        if (tokens.length == 0 || prompt < 0 || prompt > tokens.length) {
            throw new IllegalArgumentException(
                    "a text of %d tokens cannot start with a prompt of %d".formatted(tokens.length, prompt));
        }
    }

    /** Every token but the first counts. */
    public static CausalExample whole(long[] tokens) {
        return new CausalExample(tokens, 0);
    }

    /** The first token that counts. */
    int firstTarget() {
        return Math.max(prompt, 1);
    }

    /** How many tokens count. */
    public int targets() {
        return Math.max(0, tokens.length - firstTarget());
    }
}
