package dev.perennial.common.spec;

/**
 * One thing to change in a model spec.
 *
 * @param path the key at fault, such as {@code training.rank}
 * @param message what is wrong and what is accepted
 */
public record Violation(String path, String message) {}
