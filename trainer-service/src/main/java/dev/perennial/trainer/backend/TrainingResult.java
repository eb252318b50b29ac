package dev.perennial.trainer.backend;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param bestEpoch the one whose weights were kept
 * @param validationAccuracy of the weights that were kept, or null without a validation split
 * @param tokens trained on
 * @param duration spent training, over all attempts
 */
public record TrainingResult(
        int epochs,
        int bestEpoch,
        @Nullable Double validationAccuracy,
        double finalLoss,
        long tokens,
        Duration duration) {}
