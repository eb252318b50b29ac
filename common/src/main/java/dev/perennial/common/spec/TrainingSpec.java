package dev.perennial.common.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the adapter is trained.
 *
 * @param method {@code lora}
 * @param alpha LoRA scale numerator; the adapter's output is multiplied by alpha / rank
 * @param targets linears that carry an adapter, by their role; empty means the library's default
 * @param learningRate peak rate of a fresh adapter; one that continues from the live version takes 3/10 of it
 * @param headLearningRate peak rate of the classification head
 * @param clipNorm global gradient norm
 */
public record TrainingSpec(
        String method,
        Integer rank,
        Double alpha,
        Double dropout,
        List<String> targets,
        Double learningRate,
        Double headLearningRate,
        Integer epochs,
        Integer batchSize,
        Double warmup,
        Double weightDecay,
        Double clipNorm,
        EarlyStop earlyStop,
        Integer maxTokens,
        Double validationShare) {
    public static final TrainingSpec DEFAULT =
            new TrainingSpec(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public TrainingSpec(
            @Nullable String method,
            @Nullable Integer rank,
            @Nullable Double alpha,
            @Nullable Double dropout,
            @Nullable List<String> targets,
            @Nullable Double learningRate,
            @Nullable Double headLearningRate,
            @Nullable Integer epochs,
            @Nullable Integer batchSize,
            @Nullable Double warmup,
            @Nullable Double weightDecay,
            @Nullable Double clipNorm,
            @Nullable EarlyStop earlyStop,
            @Nullable Integer maxTokens,
            @Nullable Double validationShare) {
        this.method = method == null ? "lora" : method;
        this.rank = rank == null ? 8 : rank;
        this.alpha = alpha == null ? 16.0 : alpha;
        this.dropout = dropout == null ? 0.0 : dropout;
        this.targets = targets == null ? List.of() : List.copyOf(targets);
        this.learningRate = learningRate == null ? 1.0e-3 : learningRate;
        this.headLearningRate = headLearningRate == null ? 5.0e-3 : headLearningRate;
        this.epochs = epochs == null ? 10 : epochs;
        this.batchSize = batchSize == null ? 32 : batchSize;
        this.warmup = warmup == null ? 0.06 : warmup;
        this.weightDecay = weightDecay == null ? 0.01 : weightDecay;
        this.clipNorm = clipNorm == null ? 1.0 : clipNorm;
        this.earlyStop = earlyStop == null ? new EarlyStop(null) : earlyStop;
        this.maxTokens = maxTokens == null ? 128 : maxTokens;
        this.validationShare = validationShare == null ? 0.1 : validationShare;
    }

    /**
     * When training stops early.
     *
     * @param patience epochs without a better validation accuracy after which training stops */
    public record EarlyStop(Integer patience) {
        public EarlyStop(@Nullable Integer patience) {
            this.patience = patience == null ? 3 : patience;
        }
    }
}
