package dev.perennial.lora.recipe;

/**
 * Peak rates of what a run trains.
 *
 * @param adapter of LoRA matrices and prefixes
 * @param base of the model's own weights
 * @param head of the classifier or of a language model's output projection
 */
public record LearningRates(double adapter, double base, double head) {
    public LearningRates {
        require(adapter, "adapter");
        require(base, "base");
        require(head, "head");
    }

    private static void require(double rate, String name) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "learningRate of the %s must be at least 0 and below 1, not %s".formatted(name, rate));
        }
    }
}
