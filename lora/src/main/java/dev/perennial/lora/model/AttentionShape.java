package dev.perennial.lora.model;

/**
 * How many keys and values a token has.
 *
 * @param layers all of the model
 * @param keyValueHeads K
 * @param headWidth E
 */
public record AttentionShape(int layers, int keyValueHeads, int headWidth) {
    /** Numbers of a token's keys in one layer, and as many of its values: K E. */
    public int tokenWidth() {
        return keyValueHeads * headWidth;
    }

    /** Numbers of a token's keys and values in all layers. */
    public int width() {
        return 2 * layers * tokenWidth();
    }
}
