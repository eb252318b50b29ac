package dev.perennial.lora;

/** An {@link AdapterPool} has no room for another adapter while those in memory are in use: ask again when a request has ended. */
public final class AdaptersInUseException extends IllegalStateException {
    AdaptersInUseException(String message) {
        super(message);
    }
}
