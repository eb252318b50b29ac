package dev.perennial.trainer.backend;

import dev.perennial.common.spec.TrainingSpec;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.recipe.TrainingConfig;
import java.util.List;

/** The library's recipe for what a spec asks. */
final class Recipe {
    /** A child's adapters have learned already: at full rate it forgets more of the core set than it gains. */
    private static final double CHILD_RATE = 0.3;

    private static final List<String> DEFAULT_TARGETS = List.of("query", "value");

    private Recipe() {}

    /** Of a run that continues from a parent: the adapters' rate is smaller, the head starts anew at the full one. */
    static TrainingConfig continued(TrainingSpec spec, long seed) {
        return of(spec, seed).withLearningRate(CHILD_RATE * spec.learningRate());
    }

    /** Of a run that starts from the base model. */
    static TrainingConfig of(TrainingSpec spec, long seed) {
        try {
            List<String> targets = spec.targets().isEmpty() ? DEFAULT_TARGETS : spec.targets();
            return TrainingConfig.defaults()
                    .withLora(new LoraSettings(
                            spec.rank(),
                            spec.alpha(),
                            spec.dropout(),
                            false,
                            targets,
                            ModulePatterns.none(),
                            ModulePatterns.none()))
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
