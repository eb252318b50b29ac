package dev.perennial.generator.generation;

import dev.perennial.generator.call.CallStore;
import java.time.Clock;
import java.time.Duration;

/** Whether a model's runs may pay for another call. What they paid in the last 24 hours counts, wherever they ran. */
final class Budget {
    private static final Duration WINDOW = Duration.ofHours(24);

    private final CallStore calls;
    private final Clock clock;

    Budget(CallStore calls, Clock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * Asks before a call is made.
     *
     * @param tokensPerDay the limit
     * @param underway estimates of calls that were made and not yet answered
     * @param estimate of the call to be made; what costs nothing is always allowed
     */
    boolean allows(String model, long tokensPerDay, long underway, long estimate) {
        if (estimate == 0) {
            return true;
        }
        long spent = calls.tokensSince(model, clock.instant().minus(WINDOW));
        return spent + underway + estimate <= tokensPerDay;
    }
}
