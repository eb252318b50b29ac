package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LoraConfig;
import dev.perennial.lora.RateDecay;
import dev.perennial.lora.TrainingConfig;
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
            case "rank" ->
                lora(config, it -> new LoraConfig(number(value), it.alpha(), it.dropout(), it.targetModules()));
            case "alpha" ->
                lora(config, it -> new LoraConfig(it.rank(), real(value), it.dropout(), it.targetModules()));
            case "dropout" ->
                lora(config, it -> new LoraConfig(it.rank(), it.alpha(), real(value), it.targetModules()));
            case "targets" -> lora(config, it -> new LoraConfig(it.rank(), it.alpha(), it.dropout(), names(value)));
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

    private static TrainingConfig lora(TrainingConfig config, UnaryOperator<LoraConfig> change) {
        return config.withLora(change.apply(config.lora()));
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
