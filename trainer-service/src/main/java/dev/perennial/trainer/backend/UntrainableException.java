package dev.perennial.trainer.backend;

/** An order that can never succeed; the message says what to change. */
public final class UntrainableException extends RuntimeException {
    public UntrainableException(String message, Throwable cause) {
        super(message, cause);
    }

    public UntrainableException(String message) {
        super(message);
    }
}
