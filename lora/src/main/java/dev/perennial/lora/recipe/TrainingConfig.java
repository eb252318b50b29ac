package dev.perennial.lora.recipe;

import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.TuningMethod;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The recipe of one run.
 *
 * @param frozenLayers layers, counted from 0 at the bottom, that carry no adapter and are not trained
 * @param maxTokens longer texts are cut, but for those that validate a classifier: they are as long as in use
 */
public record TrainingConfig(
        TuningMethod method,
        SortedSet<Integer> frozenLayers,
        LearningRates rates,
        Schedule schedule,
        Regularization regularization,
        Retention retention,
        Adaptation adaptation,
        MemoryBudget memory,
        int maxTokens,
        long seed) {
    public TrainingConfig {
        frozenLayers = Collections.unmodifiableSortedSet(new TreeSet<>(frozenLayers));
        if (!frozenLayers.isEmpty() && frozenLayers.first() < 0) {
            throw new IllegalArgumentException("frozenLayers are counted from 0, not " + frozenLayers.first());
        }
        if (!frozenLayers.isEmpty() && method instanceof TuningMethod.Prefix) {
            throw new IllegalArgumentException("a prefix stands before every layer: frozenLayers must be empty");
        }
        if (schedule.patience() > 0 && adaptation.plateau() >= schedule.patience()) {
            throw new IllegalArgumentException(
                    "a plateau of %d epochs never comes where the run stops after %d: make the patience longer"
                            .formatted(adaptation.plateau(), schedule.patience()));
        }
        if (maxTokens < 8) {
            throw new IllegalArgumentException("maxTokens must be at least 8, not " + maxTokens);
        }
    }

    /** For a classifier over a sentence encoder. */
    public static TrainingConfig defaults() {
        return new TrainingConfig(
                TuningMethod.lora(LoraSettings.of(8, 16, "query", "value")),
                new TreeSet<>(),
                new LearningRates(1e-3, 2e-5, 5e-3),
                new Schedule(10, 32, 1, 0.06, RateDecay.LINEAR, 3),
                new Regularization(0.01, 0, 1, Noise.none()),
                Retention.none(),
                Adaptation.none(),
                MemoryBudget.usual(),
                64,
                1);
    }

    /** For a language model. */
    public static TrainingConfig causal() {
        return defaults()
                .withMethod(TuningMethod.lora(LoraSettings.of(16, 32, "q_proj", "k_proj", "v_proj", "o_proj")))
                .withRates(new LearningRates(2e-4, 1e-5, 1e-4))
                .withSchedule(new Schedule(3, 8, 1, 0.03, RateDecay.COSINE, 2))
                .withMaxTokens(2048);
    }

    /** LoRA over a base as it is. */
    public TrainingConfig withLora(LoraSettings value) {
        return withMethod(TuningMethod.lora(value));
    }

    public TrainingConfig withMethod(TuningMethod value) {
        return with(fields -> fields.method = value);
    }

    public TrainingConfig withFrozenLayers(SortedSet<Integer> value) {
        return with(fields -> fields.frozenLayers = value);
    }

    /** So many of the lowest layers. */
    public TrainingConfig withFrozenLayers(int lowest) {
        if (lowest < 0) {
            throw new IllegalArgumentException("the number of frozen layers must not be negative, not " + lowest);
        }
        return withFrozenLayers(IntStream.range(0, lowest).boxed().collect(Collectors.toCollection(TreeSet::new)));
    }

    public TrainingConfig withRates(LearningRates value) {
        return with(fields -> fields.rates = value);
    }

    public TrainingConfig withSchedule(Schedule value) {
        return with(fields -> fields.schedule = value);
    }

    public TrainingConfig withRegularization(Regularization value) {
        return with(fields -> fields.regularization = value);
    }

    public TrainingConfig withRetention(Retention value) {
        return with(fields -> fields.retention = value);
    }

    public TrainingConfig withAdaptation(Adaptation value) {
        return with(fields -> fields.adaptation = value);
    }

    public TrainingConfig withMemory(MemoryBudget value) {
        return with(fields -> fields.memory = value);
    }

    public TrainingConfig withMaxTokens(int value) {
        return with(fields -> fields.maxTokens = value);
    }

    public TrainingConfig withSeed(long value) {
        return with(fields -> fields.seed = value);
    }

    /** Of the adapters. */
    public TrainingConfig withLearningRate(double value) {
        return withRates(new LearningRates(value, rates.base(), rates.head()));
    }

    public TrainingConfig withBaseLearningRate(double value) {
        return withRates(new LearningRates(rates.adapter(), value, rates.head()));
    }

    public TrainingConfig withHeadLearningRate(double value) {
        return withRates(new LearningRates(rates.adapter(), rates.base(), value));
    }

    public TrainingConfig withEpochs(int value) {
        return withSchedule(schedule.withEpochs(value));
    }

    public TrainingConfig withBatchSize(int value) {
        return withSchedule(schedule.withBatchSize(value));
    }

    public TrainingConfig withMicroBatches(int value) {
        return withSchedule(schedule.withMicroBatches(value));
    }

    public TrainingConfig withWarmupRatio(double value) {
        return withSchedule(schedule.withWarmupRatio(value));
    }

    public TrainingConfig withDecay(RateDecay value) {
        return withSchedule(schedule.withDecay(value));
    }

    public TrainingConfig withPatience(int value) {
        return withSchedule(schedule.withPatience(value));
    }

    public TrainingConfig withWeightDecay(double value) {
        return withRegularization(regularization.withWeightDecay(value));
    }

    public TrainingConfig withLabelSmoothing(double value) {
        return withRegularization(regularization.withLabelSmoothing(value));
    }

    public TrainingConfig withClipNorm(double value) {
        return withRegularization(regularization.withClipNorm(value));
    }

    public TrainingConfig withNoise(Noise value) {
        return withRegularization(regularization.withNoise(value));
    }

    /** The same but for what {@code change} sets; the result is checked as any other. */
    private TrainingConfig with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.config();
    }

    private static final class Fields {
        TuningMethod method;
        SortedSet<Integer> frozenLayers;
        LearningRates rates;
        Schedule schedule;
        Regularization regularization;
        Retention retention;
        Adaptation adaptation;
        MemoryBudget memory;
        int maxTokens;
        long seed;

        Fields(TrainingConfig config) {
            method = config.method;
            frozenLayers = config.frozenLayers;
            rates = config.rates;
            schedule = config.schedule;
            regularization = config.regularization;
            retention = config.retention;
            adaptation = config.adaptation;
            memory = config.memory;
            maxTokens = config.maxTokens;
            seed = config.seed;
        }

        TrainingConfig config() {
            return new TrainingConfig(
                    method,
                    frozenLayers,
                    rates,
                    schedule,
                    regularization,
                    retention,
                    adaptation,
                    memory,
                    maxTokens,
                    seed);
        }
    }
}
