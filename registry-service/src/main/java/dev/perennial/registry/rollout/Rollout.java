package dev.perennial.registry.rollout;

import dev.perennial.common.spec.RolloutSpec;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/** A version's way to all of the traffic. A transition exists only on the states that it is legal from. */
public sealed interface Rollout {
    Subject subject();

    /**
     * What does not change over a rollout.
     *
     * @param stable the version that was live when it began
     * @param plan the spec's steps as they were when it began
     */
    record Subject(String model, int version, int stable, RolloutSpec plan, Instant started) {
        public Subject {
            Objects.requireNonNull(model);
            Objects.requireNonNull(plan);
            Objects.requireNonNull(started);
        }
    }

    /** The canary takes part in the traffic. Only an active rollout can be ended, and only once. */
    sealed interface Active extends Rollout {
        /** Index into the plan's steps. */
        int step();

        default int percent() {
            return subject().plan().steps().get(step());
        }

        default Succeeded promote(String reason, Instant at) {
            return new Succeeded(subject(), reason, at);
        }

        default RolledBack rollBack(Cause cause, String reason, Instant at) {
            return new RolledBack(subject(), cause, reason, at);
        }

        default Aborted abort(String reason, Instant at) {
            return new Aborted(subject(), reason, at);
        }
    }

    /** Gathers evidence at a step. */
    record Canary(Subject subject, int step, Instant stepStarted) implements Active {
        /** To the next step; the last one, all of the traffic, is the end. */
        Rollout advance(String reason, Instant at) {
            return at(subject, step + 1, reason, at);
        }

        Paused pause(PausedBy by, String reason) {
            return new Paused(subject, step, by, reason);
        }

        boolean windowEnded(Instant now) {
            return !now.isBefore(stepStarted.plus(subject.plan().window()));
        }
    }

    /** Keeps its share of the traffic but does not advance by itself; evidence can still roll it back. */
    record Paused(Subject subject, int step, PausedBy by, String reason) implements Active {
        Canary resume(Instant at) {
            return new Canary(subject, step, at);
        }
    }

    /** Over. */
    sealed interface Ended extends Rollout {
        String reason();

        Instant at();
    }

    /** The canary is live now. */
    record Succeeded(Subject subject, String reason, Instant at) implements Ended {}

    /** Evidence or a command took the canary back. */
    record RolledBack(Subject subject, Cause cause, String reason, Instant at) implements Ended {}

    /** Somebody, or a newer candidate, stopped it without a verdict. */
    record Aborted(Subject subject, String reason, Instant at) implements Ended {}

    /** What holds a paused rollout. */
    enum PausedBy {
        /** A step's window ended without a decision; a newer candidate may take its place. */
        INCONCLUSIVE,
        /** Somebody; it waits for somebody. */
        COMMAND;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The first state: a canary, or at once the end where the plan's only step is all of the traffic. */
    static Rollout begin(Subject subject, String reason) {
        return at(subject, 0, reason, subject.started());
    }

    private static Rollout at(Subject subject, int step, String reason, Instant at) {
        boolean all = step == subject.plan().steps().size() - 1;
        return all ? new Succeeded(subject, reason, at) : new Canary(subject, step, at);
    }
}
