package dev.perennial.trainer.backend;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is after a step.
 *
 * @param step from 1
 * @param epoch from 1
 * @param validationAccuracy after the last step of an epoch, when there is a validation split
 */
public record StepProgress(
        int step,
        int totalSteps,
        int epoch,
        double loss,
        double tokensPerSecond,
        Duration eta,
        @Nullable Double validationAccuracy) {}
