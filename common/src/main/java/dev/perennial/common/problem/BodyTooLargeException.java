package dev.perennial.common.problem;

/** The request body is over the limit. */
public final class BodyTooLargeException extends RuntimeException {
    BodyTooLargeException(long limitBytes) {
        super("The request body is larger than " + limitBytes
                + " bytes; send it in smaller parts or raise perennial.shared.max-body.");
    }
}
