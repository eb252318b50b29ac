package dev.perennial.benchmarks.learn;

import dev.perennial.lora.RateDecay;
import dev.perennial.lora.TrainingConfig;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.adapter.TuningMethod;
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
            case "learningRate" -> config.withLearningRate(real(value));
            case "headLearningRate" -> config.withHeadLearningRate(real(value));
            case "epochs" -> config.withEpochs(number(value));
            case "batchSize" -> config.withBatchSize(number(value));
            case "warmupRatio" -> config.withWarmupRatio(real(value));
            case "weightDecay" -> config.withWeightDecay(real(value));
            case "labelSmoothing" -> config.withLabelSmoothing(real(value));
            case "clipNorm" -> config.withClipNorm(real(value));
            case "maxTokens" -> config.withMaxTokens(number(value));
            case "decay" -> config.withDecay(RateDecay.valueOf(value.toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("there is no setting '" + name + "'");
        };
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
