package dev.perennial.standalone.demo;

/** The story cannot go on; the message says why. */
public final class DemoException extends RuntimeException {
    DemoException(String message) {
        super(message);
    }
}
