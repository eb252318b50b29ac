package dev.perennial.evaluator.report;

import dev.perennial.lora.Classification;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a classifier that was saved and loaded again answers as before. */
final class Fidelity {
    /** Above what batching may change in single precision, far below what changes an answer. */
    private static final float TOLERANCE = 1e-5f;

    private Fidelity() {}

    /** In words, what differs; empty when nothing does. */
    static Optional<String> difference(List<Classification> before, List<Classification> after) {
        float widest = before.size() == after.size() ? 0 : Float.POSITIVE_INFINITY;
        for (int text = 0; text < Math.min(before.size(), after.size()); text++) {
            widest = Math.max(
                    widest, distance(before.get(text).logits(), after.get(text).logits()));
        }
        return widest <= TOLERANCE
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "Saved and loaded again, the adapter scores differently (logits differ by up to %.3g, %.0e is"
                                + " allowed); the artefact cannot be trusted, so start another round.",
                        widest,
                        TOLERANCE));
    }

    private static float distance(float[] before, float[] after) {
        if (before.length != after.length) {
            return Float.POSITIVE_INFINITY;
        }
        float widest = 0;
        for (int label = 0; label < before.length; label++) {
            float distance = Math.abs(before[label] - after[label]);
            widest = Float.isNaN(distance) ? Float.POSITIVE_INFINITY : Math.max(widest, distance);
        }
        return widest;
    }
}
