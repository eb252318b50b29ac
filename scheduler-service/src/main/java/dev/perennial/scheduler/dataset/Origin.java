package dev.perennial.scheduler.dataset;

/**
 * Where a training set comes from.
 *
 * @param round of the model
 * @param seed that chose its samples
 */
public record Origin(String model, int round, int specVersion, long seed) {}
