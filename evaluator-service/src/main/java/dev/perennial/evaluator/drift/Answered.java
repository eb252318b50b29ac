package dev.perennial.evaluator.drift;

import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An answer by the live version that a caller judged.
 *
 * @param trueLabel null when the caller only said that the answer was wrong
 */
record Answered(String feedbackId, @Nullable String trueLabel, boolean correct, Instant at) {
    static Answered of(FeedbackReceived feedback) {
        String confirmed = feedback.correct() ? feedback.predictedLabel() : null;
        String label = feedback.correctLabel() == null ? confirmed : feedback.correctLabel();
        return new Answered(feedback.feedbackId(), label, feedback.correct(), feedback.at());
    }
}
