package dev.perennial.trainer.backend;

import dev.perennial.common.spec.TrainingSpec;
import dev.perennial.lora.LoraConfig;
import dev.perennial.lora.TrainingConfig;
import java.util.List;

/** The library's recipe for what a spec asks. */
final class Recipe {
    private Recipe() {}

    static TrainingConfig of(TrainingSpec spec, long seed) {
        try {
            List<String> targets =
                    spec.targets().isEmpty() ? LoraConfig.defaults().targetModules() : spec.targets();
            return TrainingConfig.defaults()
                    .withLora(new LoraConfig(spec.rank(), spec.alpha(), spec.dropout(), targets))
                    .withLearningRate(spec.learningRate())
                    .withHeadLearningRate(spec.headLearningRate())
                    .withEpochs(spec.epochs())
                    .withBatchSize(spec.batchSize())
                    .withWarmupRatio(spec.warmup())
                    .withWeightDecay(spec.weightDecay())
                    .withClipNorm(spec.clipNorm())
                    .withPatience(spec.earlyStop().patience())
                    .withMaxTokens(spec.maxTokens())
                    .withSeed(seed);
        } catch (IllegalArgumentException e) {
            throw new UntrainableException("the spec's training part cannot be used: " + e.getMessage(), e);
        }
    }
}
