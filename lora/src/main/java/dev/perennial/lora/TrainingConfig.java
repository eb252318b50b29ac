package dev.perennial.lora;

import java.util.function.Consumer;

/**
 * The recipe of one run.
 *
 * @param learningRate peak rate of the adapters
 * @param headLearningRate peak rate of the classification head
 * @param epochs most passes over the training texts
 * @param warmupRatio share of all steps over which the rates rise from zero; they then fall to zero
 * @param weightDecay decoupled weight decay (AdamW) of the adapters and the head's weight
 * @param labelSmoothing share of the target probability spread over all labels
 * @param clipNorm largest global norm of a step's gradients
 * @param patience epochs without a better validation result after which the run stops; 0 never stops early
 * @param maxTokens longer texts are cut
 * @param decay how the rates fall after the warm-up
 * @param microBatches parts into which a batch is cut, computed one after another with their gradients added up: the
 *     same step to within rounding in less memory, but for dropout's masks
 */
public record TrainingConfig(
        LoraConfig lora,
        double learningRate,
        double headLearningRate,
        int epochs,
        int batchSize,
        double warmupRatio,
        double weightDecay,
        double labelSmoothing,
        double clipNorm,
        int patience,
        int maxTokens,
        long seed,
        RateDecay decay,
        int microBatches) {
    public TrainingConfig {
        require(learningRate >= 0 && learningRate < 1, "learningRate must be at least 0 and below 1", learningRate);
        require(
                headLearningRate >= 0 && headLearningRate < 1,
                "headLearningRate must be at least 0 and below 1",
                headLearningRate);
        require(epochs >= 1 && epochs <= 1000, "epochs must be 1 to 1000", epochs);
        require(batchSize >= 1 && batchSize <= 4096, "batchSize must be 1 to 4096", batchSize);
        require(warmupRatio >= 0 && warmupRatio < 1, "warmupRatio must be at least 0 and below 1", warmupRatio);
        require(weightDecay >= 0 && weightDecay < 1, "weightDecay must be at least 0 and below 1", weightDecay);
        require(
                labelSmoothing >= 0 && labelSmoothing < 1,
                "labelSmoothing must be at least 0 and below 1",
                labelSmoothing);
        require(clipNorm > 0, "clipNorm must be positive", clipNorm);
        require(patience >= 0, "patience must not be negative", patience);
        require(maxTokens >= 8, "maxTokens must be at least 8", maxTokens);
        require(
                microBatches >= 1 && microBatches <= batchSize,
                "microBatches must be 1 to the batchSize of " + batchSize,
                microBatches);
    }

    /** With linear decay and whole batches. */
    public TrainingConfig(
            LoraConfig lora,
            double learningRate,
            double headLearningRate,
            int epochs,
            int batchSize,
            double warmupRatio,
            double weightDecay,
            double labelSmoothing,
            double clipNorm,
            int patience,
            int maxTokens,
            long seed) {
        this(
                lora,
                learningRate,
                headLearningRate,
                epochs,
                batchSize,
                warmupRatio,
                weightDecay,
                labelSmoothing,
                clipNorm,
                patience,
                maxTokens,
                seed,
                RateDecay.LINEAR,
                1);
    }

    private static void require(boolean valid, String rule, Number value) {
        if (!valid) {
            throw new IllegalArgumentException(rule + ", not " + value);
        }
    }

    public static TrainingConfig defaults() {
        return new TrainingConfig(LoraConfig.defaults(), 1e-3, 5e-3, 10, 32, 0.06, 0.01, 0, 1, 3, 64, 1);
    }

    public TrainingConfig withLora(LoraConfig value) {
        return with(fields -> fields.lora = value);
    }

    public TrainingConfig withLearningRate(double value) {
        return with(fields -> fields.learningRate = value);
    }

    public TrainingConfig withHeadLearningRate(double value) {
        return with(fields -> fields.headLearningRate = value);
    }

    public TrainingConfig withEpochs(int value) {
        return with(fields -> fields.epochs = value);
    }

    public TrainingConfig withBatchSize(int value) {
        return with(fields -> fields.batchSize = value);
    }

    public TrainingConfig withWarmupRatio(double value) {
        return with(fields -> fields.warmupRatio = value);
    }

    public TrainingConfig withWeightDecay(double value) {
        return with(fields -> fields.weightDecay = value);
    }

    public TrainingConfig withLabelSmoothing(double value) {
        return with(fields -> fields.labelSmoothing = value);
    }

    public TrainingConfig withClipNorm(double value) {
        return with(fields -> fields.clipNorm = value);
    }

    public TrainingConfig withPatience(int value) {
        return with(fields -> fields.patience = value);
    }

    public TrainingConfig withMaxTokens(int value) {
        return with(fields -> fields.maxTokens = value);
    }

    public TrainingConfig withSeed(long value) {
        return with(fields -> fields.seed = value);
    }

    public TrainingConfig withDecay(RateDecay value) {
        return with(fields -> fields.decay = value);
    }

    public TrainingConfig withMicroBatches(int value) {
        return with(fields -> fields.microBatches = value);
    }

    /** The same but for what {@code change} sets; the result is checked as any other. */
    private TrainingConfig with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.config();
    }

    private static final class Fields {
        LoraConfig lora;
        double learningRate;
        double headLearningRate;
        int epochs;
        int batchSize;
        double warmupRatio;
        double weightDecay;
        double labelSmoothing;
        double clipNorm;
        int patience;
        int maxTokens;
        long seed;
        RateDecay decay;
        int microBatches;

        Fields(TrainingConfig config) {
            this.lora = config.lora;
            this.learningRate = config.learningRate;
            this.headLearningRate = config.headLearningRate;
            this.epochs = config.epochs;
            this.batchSize = config.batchSize;
            this.warmupRatio = config.warmupRatio;
            this.weightDecay = config.weightDecay;
            this.labelSmoothing = config.labelSmoothing;
            this.clipNorm = config.clipNorm;
            this.patience = config.patience;
            this.maxTokens = config.maxTokens;
            this.seed = config.seed;
            this.decay = config.decay;
            this.microBatches = config.microBatches;
        }

        TrainingConfig config() {
            return new TrainingConfig(
                    lora,
                    learningRate,
                    headLearningRate,
                    epochs,
                    batchSize,
                    warmupRatio,
                    weightDecay,
                    labelSmoothing,
                    clipNorm,
                    patience,
                    maxTokens,
                    seed,
                    decay,
                    microBatches);
        }
    }
}
