package dev.perennial.lora.tensor;

/** The device that was asked for cannot be used; the message says what the operator has to change. */
public final class DeviceUnavailableException extends RuntimeException {
    public DeviceUnavailableException(String message) {
        super(message);
    }
}
