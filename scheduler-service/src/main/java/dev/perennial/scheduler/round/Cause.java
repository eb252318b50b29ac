package dev.perennial.scheduler.round;

/** What starts a round. */
public enum Cause {
    /** Enough new samples were accepted. */
    EVERY,
    /** A detector raised an alarm. */
    DRIFT,
    /** Somebody asked for it. */
    COMMAND
}
