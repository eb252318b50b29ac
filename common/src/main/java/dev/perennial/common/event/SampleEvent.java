package dev.perennial.common.event;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A sample on its way into the pool. Keyed by sample id. */
public sealed interface SampleEvent extends Event {
    String sampleId();

    /** A sample that nobody has judged yet. */
    record SampleCandidate(
            String sampleId, String model, SampleSource source, SamplePayload payload, Provenance provenance)
            implements SampleEvent {
        public SampleCandidate {
            Objects.requireNonNull(sampleId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(source);
            Objects.requireNonNull(payload);
            Objects.requireNonNull(provenance);
        }
    }

    /**
     * The scorer's verdict.
     *
     * @param generationId the generation run that it came from, or null for real samples
     * @param contentHash {@link dev.perennial.common.text.ContentHash} of the payload's text
     * @param weight weight in the training loss, 1 is normal
     * @param scores by name, such as {@code nearDuplicate}, {@code semanticDuplicate}, {@code labelAgreement}
     * @param reasons why it was rejected; empty when accepted
     */
    record SampleScored(
            String sampleId,
            String model,
            SampleSource source,
            @Nullable String generationId,
            SamplePayload payload,
            String contentHash,
            boolean accepted,
            double weight,
            Map<String, Double> scores,
            List<String> reasons)
            implements SampleEvent {
        public SampleScored {
            Objects.requireNonNull(sampleId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(source);
            Objects.requireNonNull(payload);
            Objects.requireNonNull(contentHash);
            scores = scores == null ? Map.of() : Map.copyOf(scores);
            reasons = reasons == null ? List.of() : List.copyOf(reasons);
        }
    }
}
