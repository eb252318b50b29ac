package dev.perennial.common.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What callers asked and what they said of the answer. Keyed by request id. */
public sealed interface TrafficEvent extends Event {
    String requestId();

    int version();

    /** The gateway answered. The text itself is not told. */
    record PredictionServed(
            String requestId, String model, int version, String label, double confidence, Duration latency, Instant at)
            implements TrafficEvent {
        public PredictionServed {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(label);
            Objects.requireNonNull(latency);
            Objects.requireNonNull(at);
        }
    }

    /**
     * A caller judged an answer.
     *
     * @param correctLabel the label it should have had, where the caller said so
     * @param rating from 0 (useless) to 1 (perfect), where the caller said so
     * @param correct whether the answer counts as correct: its label equals the correct one, or the rating is at least 0.5
     */
    record FeedbackReceived(
            String feedbackId,
            String requestId,
            String model,
            int version,
            String predictedLabel,
            @Nullable String correctLabel,
            @Nullable Double rating,
            boolean correct,
            Instant at)
            implements TrafficEvent {
        public FeedbackReceived {
            Objects.requireNonNull(feedbackId);
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(predictedLabel);
            Objects.requireNonNull(at);
        }
    }
}
