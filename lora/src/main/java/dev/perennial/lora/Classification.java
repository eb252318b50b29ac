package dev.perennial.lora;

/**
 * What a classifier says about one text.
 *
 * @param label the most probable label
 * @param confidence its probability
 * @param probabilities after the temperature, of every label, in the order of the classifier's {@code labels()}
 * @param logits before temperature and softmax, in the same order
 */
@SuppressWarnings("ArrayRecordComponent") // hundreds of floats per answer on the hot path; owned by the receiver
public record Classification(String label, double confidence, float[] probabilities, float[] logits) {}
