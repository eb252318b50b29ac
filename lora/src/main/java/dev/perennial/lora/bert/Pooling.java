package dev.perennial.lora.bert;

/** How the vectors of a text's tokens become one: their mean, or that of the first token. */
public enum Pooling {
    MEAN,
    CLS;

    /** The share of a token at {@code position} of a text of {@code length} tokens. */
    float share(int position, int length) {
        return switch (this) {
            case MEAN -> 1f / length;
            case CLS -> position == 0 ? 1 : 0;
        };
    }
}
