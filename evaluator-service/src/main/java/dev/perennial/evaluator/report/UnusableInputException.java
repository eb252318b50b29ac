package dev.perennial.evaluator.report;

/** A stored file that an evaluation needs can never be used; the message says what it is and why. */
final class UnusableInputException extends RuntimeException {
    UnusableInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
