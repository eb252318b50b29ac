package dev.perennial.evaluator.drift;

import java.util.Optional;

/** Watches a stream of right and wrong answers for a change of the error rate. For one thread at a time. */
public interface DriftDetector {
    /** Such as {@code adwin}. */
    String name();

    /**
     * Takes the next answer in.
     *
     * @param error whether the answer was wrong
     * @return the change that this answer brought to light, in either direction; empty almost always
     */
    Optional<Shift> update(boolean error);

    /** How many of the newest answers count as the present. */
    int width();

    /** Share of errors over the present; 0 before the first answer. */
    double errorRate();

    /** All that another instance needs to go on where this one is. */
    String state();

    /**
     * A change of the error rate.
     *
     * @param before error rate until the change
     * @param after error rate since the change
     * @param recent how many answers were given since the change
     */
    record Shift(double before, double after, int recent) {
        /** By how much the error rate rose; negative when it fell. */
        double rise() {
            return after - before;
        }
    }
}
