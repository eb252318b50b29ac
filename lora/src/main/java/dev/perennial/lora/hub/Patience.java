package dev.perennial.lora.hub;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long to wait before something is asked for again: as long as the server says, else twice as long each time. */
record Patience(InstantSource clock, Pause pause) {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    static final Patience REAL = new Patience(InstantSource.system(), Thread::sleep);

    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    Instant now() {
        return clock.instant();
    }

    /** How long to wait after a failure, counted from 1; empty if the server wants more than anyone waits. */
    static Optional<Duration> after(int failure, @Nullable Duration asked) {
        Duration time = asked == null ? FIRST.multipliedBy(1L << Math.min(failure - 1, 6)) : asked;
        return time.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(time);
    }

    void sleep(Duration time) {
        try {
            pause.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException("interrupted while waiting for the hub", e);
        }
    }
}
