package dev.perennial.embedded;

/** An embedded server could not start or stop; the message is one line and says what the operator can do. */
public final class EmbeddedServerException extends RuntimeException {
    EmbeddedServerException(String message) {
        super(message);
    }

    EmbeddedServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
