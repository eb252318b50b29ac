package dev.perennial.benchmarks.learn;

import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.recipe.RateDecay;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Changes to a training config by name, for tuning. */
final class Settings {
    private Settings() {}

    static TrainingConfig apply(TrainingConfig config, Map<String, String> changes) {
        TrainingConfig changed = config;
        for (Map.Entry<String, String> change : changes.entrySet()) {
            changed = set(changed, change.getKey(), change.getValue());
        }
        return changed;
    }

    private static TrainingConfig set(TrainingConfig config, String name, String value) {
        return switch (name) {
            case "rank" -> lora(config, it -> settings(number(value), it.alpha(), it.dropout(), it.targetModules()));
            case "alpha" -> lora(config, it -> settings(it.rank(), real(value), it.dropout(), it.targetModules()));
            case "dropout" -> lora(config, it -> settings(it.rank(), it.alpha(), real(value), it.targetModules()));
            case "targets" -> lora(config, it -> settings(it.rank(), it.alpha(), it.dropout(), names(value)));
            case "method" -> config.withMethod(method(value));
            case "prefix" -> config.withMethod(new TuningMethod.Prefix(number(value)));
            case "frozenLayers" -> config.withFrozenLayers(number(value));
            case "baseLearningRate" -> config.withBaseLearningRate(real(value));
            case "learningRate" -> config.withLearningRate(real(value));
            case "headLearningRate" -> config.withHeadLearningRate(real(value));
            case "epochs" -> config.withEpochs(number(value));
            case "batchSize" -> config.withBatchSize(number(value));
            case "warmupRatio" -> config.withWarmupRatio(real(value));
            case "weightDecay" -> config.withWeightDecay(real(value));
            case "labelSmoothing" -> config.withLabelSmoothing(real(value));
            case "noise" -> config.withNoise(noise(value));
            case "replay" ->
                config.withRetention(
                        new Retention(real(value), config.retention().ewc()));
            case "ewc" -> config.withRetention(new Retention(config.retention().replay(), real(value)));
            case "clipNorm" -> config.withClipNorm(real(value));
            case "maxTokens" -> config.withMaxTokens(number(value));
            case "decay" -> config.withDecay(RateDecay.valueOf(value.toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("there is no setting '" + name + "'");
        };
    }

    private static TuningMethod method(String value) {
        return switch (value) {
            case "full" -> new TuningMethod.Full(true, false);
            case "head" -> new TuningMethod.HeadOnly();
            default -> throw new IllegalArgumentException("method is full or head, not '" + value + "'");
        };
    }

    /** Such as 0.3/0.1/5: share of the texts, share of their tokens, size on embeddings. */
    private static Noise noise(String value) {
        String[] parts = value.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("noise is share/tokens/embeddings, not '" + value + "'");
        }
        return new Noise(real(parts[0]), real(parts[1]), real(parts[2]));
    }

    private static TrainingConfig lora(TrainingConfig config, UnaryOperator<LoraSettings> change) {
        if (!(config.method() instanceof TuningMethod.Lora lora)) {
            throw new IllegalArgumentException("only adapters have a rank, alpha, dropout and targets");
        }
        return config.withLora(change.apply(lora.settings()));
    }

    private static LoraSettings settings(int rank, double alpha, double dropout, List<String> targets) {
        return new LoraSettings(rank, alpha, dropout, false, targets, ModulePatterns.none(), ModulePatterns.none());
    }

    private static List<String> names(String value) {
        return Arrays.asList(value.split("\\+"));
    }

    private static int number(String value) {
        return Integer.parseInt(value);
    }

    private static double real(String value) {
        return Double.parseDouble(value);
    }
}
