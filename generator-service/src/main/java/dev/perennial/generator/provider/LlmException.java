package dev.perennial.generator.provider;

import org.jspecify.annotations.Nullable;

/** There is no reply; the kind says who can do something about it. */
public final class LlmException extends RuntimeException {

    /** Why. */
    public enum Kind {
        /** It may pass: overload, time-out, no connection. */
        UNAVAILABLE,
        /** This prompt will never be answered; others may be. */
        REFUSED,
        /** The operator must change the address, the key or the model's name. */
        MISCONFIGURED
    }

    private final Kind kind;

    public LlmException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
