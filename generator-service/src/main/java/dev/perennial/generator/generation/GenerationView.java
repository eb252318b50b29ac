package dev.perennial.generator.generation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.common.event.Count;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A generation run as callers see it.
 *
 * @param message what stands in its way or why it ended; null when there is nothing to say
 * @param template as {@code name@version}
 * @param produced utterances kept so far
 * @param rejected by reason, most frequent first
 * @param tokens paid by this run, prompts and completions
 * @param attemptAt when the present attempt began
 * @param attemptDone calls that earlier attempts had made
 */
@JsonIgnoreProperties({"attemptAt", "attemptDone"})
record GenerationView(
        String generationId,
        String model,
        int specVersion,
        String reason,
        GenerationStatus status,
        @Nullable String message,
        @Nullable String template,
        @Nullable String provider,
        @Nullable String llm,
        Map<String, Integer> wanted,
        int requested,
        int produced,
        int published,
        List<Count> rejected,
        int callsTotal,
        int callsDone,
        long tokens,
        BigDecimal cost,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant attemptAt,
        int attemptDone,
        Instant progressedAt,
        @Nullable Instant finishedAt) {
    GenerationView {
        wanted = Map.copyOf(wanted);
        rejected = List.copyOf(rejected);
    }

    /** Share of what arrived that was kept; null before anything arrived. */
    @JsonProperty("yield")
    @Nullable
    Double keptShare() {
        long arrived = produced + rejected.stream().mapToLong(Count::count).sum();
        return arrived == 0 ? null : (double) produced / arrived;
    }

    /** From the pace of the present attempt; null while it has none. */
    @JsonProperty
    @Nullable
    Long etaSeconds() {
        int made = callsDone - attemptDone;
        if (status != GenerationStatus.RUNNING || attemptAt == null || made < 1) {
            return null;
        }
        Duration soFar = Duration.between(attemptAt, progressedAt);
        return Math.round((double) soFar.toMillis() / made * (callsTotal - callsDone) / 1000);
    }
}
