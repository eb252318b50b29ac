package dev.perennial.generator.generation;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.text.ContentHash;
import dev.perennial.generator.reply.Utterance;
import dev.perennial.generator.seed.Seed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An utterance that a run keeps.
 *
 * @param strategy how the offline provider made it; null for an LLM
 * @param seeds ids of the real samples behind it
 */
record Candidate(
        String sampleId,
        int callIndex,
        int utteranceIndex,
        String label,
        String text,
        @Nullable String strategy,
        List<String> seeds,
        String callKey) {
    private static final String OFFLINE = "offline";

    Candidate {
        seeds = List.copyOf(seeds);
    }

    /** The id is a function of its place in the run, so that every attempt gives it again. */
    static Candidate of(String generationId, Settled settled, PlannedCall call, String callKey, Utterance utterance) {
        boolean offline = settled.provider().equals(OFFLINE);
        return new Candidate(
                EventIds.of("generator", generationId, call.index(), utterance.index()),
                call.index(),
                utterance.index(),
                call.label(),
                utterance.text(),
                offline ? utterance.strategy() : null,
                offline
                        ? utterance.seeds()
                        : call.examples().stream().map(Seed::sampleId).toList(),
                callKey);
    }

    String contentHash() {
        return ContentHash.of(text);
    }

    SampleCandidate toEvent(Generation generation, Settled settled) {
        boolean offline = settled.provider().equals(OFFLINE);
        return new SampleCandidate(
                sampleId,
                generation.model(),
                SampleSource.SYNTHETIC,
                new LabelledText(text, label),
                new Provenance(
                        settled.provider(),
                        generation.generationId(),
                        settled.template() + "@" + settled.templateVersion(),
                        offline ? null : settled.llm(),
                        callKey,
                        strategy,
                        seeds));
    }
}
