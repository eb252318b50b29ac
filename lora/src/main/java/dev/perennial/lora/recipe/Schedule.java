package dev.perennial.lora.recipe;

/**
 * How long a run goes on, and in what steps.
 *
 * @param epochs most passes over the training examples
 * @param batchSize examples a step
 * @param microBatches parts into which a batch is cut, computed one after another with their gradients added up: the
 *     same step to within rounding in less memory, but for dropout's masks
 * @param warmupRatio share of all steps over which the rates rise from zero; they then fall to zero
 * @param decay how the rates fall after the warm-up
 * @param patience epochs without a better validation result after which the run stops; 0 never stops early
 */
public record Schedule(int epochs, int batchSize, int microBatches, double warmupRatio, RateDecay decay, int patience) {
    public Schedule {
        require(epochs >= 1 && epochs <= 1000, "epochs must be 1 to 1000", epochs);
        require(batchSize >= 1 && batchSize <= 4096, "batchSize must be 1 to 4096", batchSize);
        require(
                microBatches >= 1 && microBatches <= batchSize,
                "microBatches must be 1 to the batchSize of " + batchSize,
                microBatches);
        require(warmupRatio >= 0 && warmupRatio < 1, "warmupRatio must be at least 0 and below 1", warmupRatio);
        require(patience >= 0, "patience must not be negative", patience);
    }

    public Schedule withEpochs(int value) {
        return new Schedule(value, batchSize, microBatches, warmupRatio, decay, patience);
    }

    public Schedule withBatchSize(int value) {
        return new Schedule(epochs, value, microBatches, warmupRatio, decay, patience);
    }

    public Schedule withMicroBatches(int value) {
        return new Schedule(epochs, batchSize, value, warmupRatio, decay, patience);
    }

    public Schedule withWarmupRatio(double value) {
        return new Schedule(epochs, batchSize, microBatches, value, decay, patience);
    }

    public Schedule withDecay(RateDecay value) {
        return new Schedule(epochs, batchSize, microBatches, warmupRatio, value, patience);
    }

    public Schedule withPatience(int value) {
        return new Schedule(epochs, batchSize, microBatches, warmupRatio, decay, value);
    }

    private static void require(boolean valid, String rule, Number value) {
        if (!valid) {
            throw new IllegalArgumentException(rule + ", not " + value);
        }
    }
}
