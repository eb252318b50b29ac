package dev.perennial.common.messaging;

/** The broker cannot be reached or did not acknowledge. For the operator; the work is tried again. */
public final class DeliveryException extends RuntimeException {
    DeliveryException(String message, Throwable cause) {
        super(message, cause);
    }
}
