package dev.perennial.generator.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How calls to an outside LLM are held in check. The limits are those of one process.
 *
 * @param callsPerSecond calls started in any second
 * @param timeout longest time that one attempt may take
 * @param attempts attempts of one call, the first included
 * @param firstBackoff pause before the second attempt; it doubles with each further one
 * @param breakerWindow how many of the last calls the circuit breaker looks at
 * @param breakerFailurePercent share of failed ones that opens it
 * @param breakerPause how long it stays open before it lets calls through on trial
 */
public record ResilienceSettings(
        Integer callsPerSecond,
        Duration timeout,
        Integer attempts,
        Duration firstBackoff,
        Integer breakerWindow,
        Integer breakerFailurePercent,
        Duration breakerPause) {
    public static final ResilienceSettings DEFAULT = new ResilienceSettings(null, null, null, null, null, null, null);

    public ResilienceSettings(
            @Nullable Integer callsPerSecond,
            @Nullable Duration timeout,
            @Nullable Integer attempts,
            @Nullable Duration firstBackoff,
            @Nullable Integer breakerWindow,
            @Nullable Integer breakerFailurePercent,
            @Nullable Duration breakerPause) {
        this.callsPerSecond = callsPerSecond == null ? 10 : callsPerSecond;
        this.timeout = timeout == null ? Duration.ofSeconds(90) : timeout;
        this.attempts = attempts == null ? 4 : attempts;
        this.firstBackoff = firstBackoff == null ? Duration.ofMillis(500) : firstBackoff;
        this.breakerWindow = breakerWindow == null ? 20 : breakerWindow;
        this.breakerFailurePercent = breakerFailurePercent == null ? 50 : breakerFailurePercent;
        this.breakerPause = breakerPause == null ? Duration.ofSeconds(10) : breakerPause;
        check();
    }

    private void check() {
        require(callsPerSecond >= 1, "calls-per-second must be at least 1");
        require(timeout.isPositive(), "timeout must be longer than nothing");
        require(attempts >= 1, "attempts must be at least 1");
        require(firstBackoff.toMillis() >= 1, "first-backoff must be at least 1 ms");
        require(breakerWindow >= 1, "breaker-window must be at least 1");
        require(
                breakerFailurePercent >= 1 && breakerFailurePercent <= 100,
                "breaker-failure-percent must be between 1 and 100");
        require(breakerPause.isPositive(), "breaker-pause must be longer than nothing");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("perennial.generator.resilience." + message);
        }
    }
}
