package dev.perennial.lora.hub;

import org.jspecify.annotations.Nullable;

/** The hub cannot be reached, refuses, or sent something other than it announced; the message says what to do. */
public final class HubException extends RuntimeException {
    HubException(String message) {
        super(message);
    }

    HubException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
