package dev.perennial.scheduler.round;

import java.time.Instant;
import java.util.Optional;

/** What to do about an alarm. */
enum DriftAnswer {
    /** Nothing else answers it: a round must. */
    START,
    /** A canary was on its way; whether it answers the alarm shows when its rollout ends. */
    WAIT,
    /** What drifted is no longer live, or a round that was already open has answered it. */
    OBSOLETE;

    /**
     * Decides.
     *
     * @param live the live version
     * @param decided when the window of the canary's present step ends; a canary that is still there afterwards was
     *     paused, and waits for a better candidate itself
     * @param answered when the last round about the same version ended with a candidate that passed the gate
     */
    static DriftAnswer of(
            Trigger alarm, Optional<Integer> live, Optional<Instant> decided, Optional<Instant> answered) {
        if (live.isPresent() && !live.get().equals(alarm.driftVersion())) {
            return OBSOLETE;
        }
        if (answered.filter(end -> !alarm.at().isAfter(end)).isPresent()) {
            return OBSOLETE;
        }
        return decided.filter(end -> !alarm.at().isAfter(end)).isPresent() ? WAIT : START;
    }
}
