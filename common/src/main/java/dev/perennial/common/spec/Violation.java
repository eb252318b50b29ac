package dev.perennial.common.spec;

/**
 * One thing to change in a document.
 *
 * @param path the key at fault, such as {@code training.rank}; empty for the whole document
 * @param message what is wrong and what is accepted
 */
public record Violation(String path, String message) {

    /** As a part of a sentence. */
    public String describe() {
        return path.isEmpty() ? message : path + ": " + message;
    }
}
