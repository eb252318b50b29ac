package dev.perennial.registry.serving;

/** An adapter that will never load; the message says what is wrong with it. */
public final class AdapterRefusedException extends RuntimeException {
    public AdapterRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
