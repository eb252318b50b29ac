package dev.perennial.scorer.candidate;

/** Where a candidate stands. */
public enum State {
    /** Passed what its text tells; waits for the rest of its cohort to be judged with the encoder. */
    PENDING,
    ACCEPTED,
    REJECTED
}
