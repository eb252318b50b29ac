package dev.perennial.generator.generation;

import dev.perennial.generator.reply.Screening;
import org.jspecify.annotations.Nullable;

/** What became of a planned call. */
sealed interface CallResult {
    PlannedCall call();

    /**
     * It is over, with or without utterances.
     *
     * @param callKey null when there was no reply
     */
    record Done(PlannedCall call, @Nullable String callKey, Screening screening) implements CallResult {}

    /** The provider is away; the call is still to be made. */
    record Postponed(PlannedCall call, String message) implements CallResult {}

    /** No call of this run can succeed until the operator changes something. */
    record Hopeless(PlannedCall call, String message) implements CallResult {}

    /** A defect or a fault of the infrastructure; the attempt ends with it. */
    record Broken(PlannedCall call, RuntimeException fault) implements CallResult {}
}
