package dev.perennial.scorer.candidate;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.scorer.duplicate.Signature;
import dev.perennial.scorer.quality.ScreenedSample;
import dev.perennial.scorer.quality.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A candidate and its verdict as stored.
 *
 * @param admitted its place among the model's accepted samples, null unless accepted
 * @param verdict of a pending one: the scores so far
 */
record StoredSample(
        String sampleId,
        String model,
        SampleSource source,
        @Nullable String generationId,
        LabelledText payload,
        Provenance provenance,
        String contentHash,
        Signature signature,
        State state,
        @Nullable Long admitted,
        Verdict verdict,
        Instant scoredAt) {
    private static final double NORMAL_WEIGHT = 1;

    boolean isFinal() {
        return state != State.PENDING;
    }

    ScreenedSample screened() {
        return new ScreenedSample(payload.text(), payload.label(), source, contentHash, signature, List.of());
    }

    StoredSample judged(Verdict last, @Nullable Long place, Instant now) {
        return new StoredSample(
                sampleId,
                model,
                source,
                generationId,
                payload,
                provenance,
                contentHash,
                signature,
                last.isAccepted() ? State.ACCEPTED : State.REJECTED,
                place,
                last,
                now);
    }

    /** A function of the row alone: telling it again tells the same. */
    Envelope<SampleScored> scored() {
        SamplePayload told = payload;
        return new Envelope<>(
                EventIds.of("scorer", sampleId),
                "scorer",
                scoredAt,
                sampleId,
                new SampleScored(
                        sampleId,
                        model,
                        source,
                        generationId,
                        told,
                        contentHash,
                        state == State.ACCEPTED,
                        NORMAL_WEIGHT,
                        verdict.scores(),
                        verdict.reasons()));
    }
}
