package dev.perennial.lora;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What one optimiser step did.
 *
 * @param step counted from 1
 * @param totalSteps of a run that does not stop early
 * @param epoch counted from 1
 * @param learningRate of what the method trains: adapters or prefix, the model's own weights, or the head
 * @param validationAccuracy after the last step of an epoch, if there is a validation split and the task has one
 * @param validationLoss likewise
 * @param notice what the run changed of its recipe after this step, in words; mostly nothing
 */
public record TrainingStep(
        int step,
        int totalSteps,
        int epoch,
        double loss,
        double learningRate,
        double tokensPerSecond,
        Duration eta,
        OptionalDouble validationAccuracy,
        OptionalDouble validationLoss,
        String notice) {}
