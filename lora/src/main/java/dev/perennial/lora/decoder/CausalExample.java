package dev.perennial.lora.decoder;

import java.util.Arrays;

/**
 * A text to learn from.
 *
 * @param counted for each token whether the loss counts it. The very first one never counts, since nothing comes before it
 * @param weight scales its share of the loss that is learnt from; a validation counts the tokens of all texts the same
 */
@SuppressWarnings("ArrayRecordComponent") // as it comes from a tokenizer; nobody compares examples
public record CausalExample(long[] tokens, boolean[] counted, float weight) {
    public CausalExample {
        if (tokens.length == 0 || counted.length != tokens.length) {
            throw new IllegalArgumentException(
                    "a text of %d tokens cannot have %d that may count".formatted(tokens.length, counted.length));
        }
        if (!(weight > 0) || Float.isInfinite(weight)) {
            throw new IllegalArgumentException("weight must be positive and finite, not " + weight);
        }
        counted = counted.clone();
        counted[0] = false;
    }

    /**
     * A prompt and its answer, of weight 1.
     *
     * @param prompt how many of the first tokens are given: the loss counts the tokens after them only
     */
    public CausalExample(long[] tokens, int prompt) {
        this(tokens, after(tokens.length, prompt), 1);
    }

    private static boolean[] after(int length, int prompt) {
        if (length == 0 || prompt < 0 || prompt > length) {
            throw new IllegalArgumentException(
                    "a text of %d tokens cannot start with a prompt of %d".formatted(length, prompt));
        }
        boolean[] counted = new boolean[length];
        Arrays.fill(counted, prompt, length, true);
        return counted;
    }

    /** Every token but the first counts. */
    public static CausalExample whole(long[] tokens) {
        return new CausalExample(tokens, 0);
    }

    public CausalExample withWeight(float value) {
        return new CausalExample(tokens, counted, value);
    }

    /** The same without what is beyond so many tokens. */
    public CausalExample cut(int maxTokens) {
        return tokens.length <= maxTokens
                ? this
                : new CausalExample(Arrays.copyOf(tokens, maxTokens), Arrays.copyOf(counted, maxTokens), weight);
    }

    /** How many tokens count. */
    public int targets() {
        int targets = 0;
        for (boolean counts : counted) {
            targets += counts ? 1 : 0;
        }
        return targets;
    }
}
