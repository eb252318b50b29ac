package dev.perennial.generator.generation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How generation runs work.
 *
 * @param runs runs that one process does at once
 * @param concurrency calls of one run that are underway at once
 * @param samplesPerCall utterances asked for in one call, at most
 * @param examplesPerCall real samples shown in one call, at most
 * @param topUps further waves of calls for labels that are short
 * @param giveUpAfter how long a run waits for a provider that is away before it ends with what it has
 */
public record RunSettings(
        Integer runs,
        Integer concurrency,
        Integer samplesPerCall,
        Integer examplesPerCall,
        Integer topUps,
        Duration giveUpAfter) {
    public RunSettings(
            @Nullable Integer runs,
            @Nullable Integer concurrency,
            @Nullable Integer samplesPerCall,
            @Nullable Integer examplesPerCall,
            @Nullable Integer topUps,
            @Nullable Duration giveUpAfter) {
        this.runs = runs == null ? 2 : runs;
        this.concurrency = concurrency == null ? 8 : concurrency;
        this.samplesPerCall = samplesPerCall == null ? 10 : samplesPerCall;
        this.examplesPerCall = examplesPerCall == null ? 8 : examplesPerCall;
        this.topUps = topUps == null ? 2 : topUps;
        this.giveUpAfter = giveUpAfter == null ? Duration.ofMinutes(15) : giveUpAfter;
        require(this.runs >= 1, "runs must be at least 1");
        require(this.concurrency >= 1, "concurrency must be at least 1");
        require(this.samplesPerCall >= 1, "samples-per-call must be at least 1");
        require(this.examplesPerCall >= 0, "examples-per-call must not be negative");
        require(this.topUps >= 0, "top-ups must not be negative");
        require(this.giveUpAfter.isPositive(), "give-up-after must be longer than nothing");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("perennial.generator.run." + message);
        }
    }
}
