package dev.perennial.common.messaging;

/** Thrown by a handler for an event that can never be handled. The event goes to the dead-letter topic. */
public final class PoisonException extends RuntimeException {
    public PoisonException(String message) {
        super(message);
    }
}
