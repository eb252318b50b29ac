package dev.perennial.registry.feedback;

import dev.perennial.common.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of an answer.
 *
 * @param label the label it should have had
 * @param rating from 0 (useless) to 1 (perfect); where a label is given too, the label decides
 */
record Opinion(
        @Nullable String requestId,
        @Nullable String label,
        @Nullable Double rating) {
    private static final double GOOD = 0.5;

    String id() {
        return requestId == null ? "" : requestId;
    }

    /** The first thing wrong with it. */
    void check() {
        if (requestId == null || requestId.isBlank()) {
            throw ProblemException.badRequest(
                    "invalid-feedback", "Each feedback needs the requestId that the prediction was answered with.");
        }
        if (label == null && rating == null) {
            throw ProblemException.badRequest(
                    "invalid-feedback",
                    "The feedback on '" + requestId
                            + "' says nothing; send label (the correct one) or rating (0 to 1).");
        }
        if (rating != null && !(rating >= 0 && rating <= 1)) {
            throw ProblemException.badRequest(
                    "invalid-feedback", "The rating of '" + requestId + "' must be between 0 and 1.");
        }
    }

    boolean finds(String predictedLabel) {
        return label == null ? rating != null && rating >= GOOD : label.equals(predictedLabel);
    }
}
