package dev.perennial.scorer.agreement;

/**
 * What is said about one claimed label.
 *
 * @param probability that the label is right
 * @param rank of the label among all, from the model that never saw the sample; 1 is the most probable
 */
public record Agreement(double probability, int rank) {}
