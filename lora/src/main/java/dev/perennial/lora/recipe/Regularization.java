package dev.perennial.lora.recipe;

/**
 * What keeps a run from learning too much of its examples.
 *
 * @param weightDecay decoupled weight decay (AdamW) of all that has two dimensions: biases and norms do not decay
 * @param labelSmoothing share of the target probability spread over all labels, or over the whole vocabulary
 * @param clipNorm largest global norm of a step's gradients
 */
public record Regularization(double weightDecay, double labelSmoothing, double clipNorm, Noise noise) {
    public Regularization {
        require(weightDecay >= 0 && weightDecay < 1, "weightDecay must be at least 0 and below 1", weightDecay);
        require(
                labelSmoothing >= 0 && labelSmoothing < 1,
                "labelSmoothing must be at least 0 and below 1",
                labelSmoothing);
        require(clipNorm > 0, "clipNorm must be positive", clipNorm);
    }

    public Regularization withWeightDecay(double value) {
        return new Regularization(value, labelSmoothing, clipNorm, noise);
    }

    public Regularization withLabelSmoothing(double value) {
        return new Regularization(weightDecay, value, clipNorm, noise);
    }

    public Regularization withClipNorm(double value) {
        return new Regularization(weightDecay, labelSmoothing, value, noise);
    }

    public Regularization withNoise(Noise value) {
        return new Regularization(weightDecay, labelSmoothing, clipNorm, value);
    }

    private static void require(boolean valid, String rule, double value) {
        if (!valid) {
            throw new IllegalArgumentException(rule + ", not " + value);
        }
    }
}
