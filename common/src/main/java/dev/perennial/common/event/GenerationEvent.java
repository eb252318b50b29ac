package dev.perennial.common.event;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Asking for synthetic samples and how that went. Keyed by model name. */
public sealed interface GenerationEvent extends Event {

    /** One id for a whole generation run; its samples carry it. */
    String generationId();

    /**
     * The scheduler wants samples.
     *
     * @param samplesPerLabel how many are wanted of each label; labels that are absent get none
     * @param reason why, in the words of the round: {@code command}, {@code drift}
     */
    record GenerationRequested(
            String generationId,
            String model,
            int specVersion,
            Map<String, Integer> samplesPerLabel,
            String reason,
            long seed)
            implements GenerationEvent {
        public GenerationRequested {
            Objects.requireNonNull(generationId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(reason);
            samplesPerLabel = Map.copyOf(samplesPerLabel);
        }
    }

    /**
     * The generator has published all candidates it is going to publish for this request.
     *
     * @param published candidates published, each exactly one {@code SampleCandidate}
     * @param rejected replies or utterances that never became candidates, by reason
     * @param tokens prompt and completion tokens paid
     * @param outcome {@code complete}, {@code budget-exhausted} or {@code failed}
     */
    record GenerationCompleted(
            String generationId,
            String model,
            int requested,
            int published,
            List<Count> rejected,
            long tokens,
            String outcome)
            implements GenerationEvent {
        public GenerationCompleted {
            Objects.requireNonNull(generationId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(outcome);
            rejected = List.copyOf(rejected);
        }
    }
}
