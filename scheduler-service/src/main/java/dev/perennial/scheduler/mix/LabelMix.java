package dev.perennial.scheduler.mix;

/**
 * What was decided for one label. Fresh and replayed samples together make the training and validation samples.
 *
 * @param syntheticLimit most synthetic samples that the mix allows, fresh ones of {@code auto} not counted
 * @param leftOut samples of the pool that were not taken
 */
public record LabelMix(
        String label,
        int freshReal,
        int freshSynthetic,
        int replayedReal,
        int replayedSynthetic,
        int syntheticLimit,
        int leftOut,
        int validation) {}
