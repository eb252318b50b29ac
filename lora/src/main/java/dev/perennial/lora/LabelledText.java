package dev.perennial.lora;

/**
 * A text with the label it should get.
 *
 * @param weight scales its share of the loss that is learnt from; a validation counts all texts the same
 */
public record LabelledText(String text, String label, float weight) {
    public LabelledText {
        if (!(weight > 0) || Float.isInfinite(weight)) {
            throw new IllegalArgumentException("weight must be positive and finite, not " + weight);
        }
    }

    public LabelledText(String text, String label) {
        this(text, label, 1);
    }
}
