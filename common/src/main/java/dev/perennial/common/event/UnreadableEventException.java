package dev.perennial.common.event;

import org.jspecify.annotations.Nullable;

/** Bytes that are no event of their family. Poison: reading them again gives the same. */
public final class UnreadableEventException extends RuntimeException {
    public UnreadableEventException(String message) {
        this(message, null);
    }

    UnreadableEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
