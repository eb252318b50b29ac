package dev.perennial.trainer.backend;

import java.nio.file.Path;

/**
 * Trains adapters. The built-in one does so in this process; another may hand the work to an engine elsewhere and watch
 * it.
 *
 * <p>The result depends on the order alone: a run that goes on from a checkpoint of the same order ends with the same
 * bytes as one that was never interrupted.
 */
public interface TrainingBackend {

    /**
     * Trains until the end and writes the adapter.
     *
     * @param adapter where the PEFT directory is written; nothing is promised about it when this throws
     * @param watch is told of every step; whatever it throws stops the training at once and comes out of here
     * @throws UntrainableException when the order can never succeed
     */
    TrainingResult train(TrainingOrder order, Path adapter, TrainingWatch watch);
}
