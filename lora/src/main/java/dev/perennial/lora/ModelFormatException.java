package dev.perennial.lora;

import org.jspecify.annotations.Nullable;

/** A model, adapter or checkpoint that the caller named cannot be used; the message says what to change. */
public class ModelFormatException extends RuntimeException {
    public ModelFormatException(String message) {
        super(message);
    }

    public ModelFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
