package dev.perennial.lora;

import java.util.OptionalDouble;

/**
 * How a run went.
 *
 * @param bestEpoch the one whose weights are kept, counted from 1; 0 for those of the start. Without validation the last that has ended
 * @param finalLoss mean loss per sample of the last epoch
 * @param tokens real ones (without padding) the run has trained on
 * @param seconds spent in steps, over all attempts of a resumed run
 */
public record TrainingSummary(
        int epochs,
        int bestEpoch,
        OptionalDouble bestValidationAccuracy,
        OptionalDouble bestValidationLoss,
        double finalLoss,
        long tokens,
        double seconds,
        boolean stoppedEarly) {}
