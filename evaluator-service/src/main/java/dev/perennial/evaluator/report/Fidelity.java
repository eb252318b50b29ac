package dev.perennial.evaluator.report;

import dev.perennial.evaluator.metric.Answers;
import dev.perennial.evaluator.metric.Metric;
import dev.perennial.evaluator.metric.Tally;
import dev.perennial.lora.Classification;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stored classifier still answers as it did in memory: as training measured it before it was saved, and as a
 * further copy of it does.
 */
final class Fidelity {
    /** Above what batching may change in single precision, far below what changes an answer. */
    private static final float TOLERANCE = 1e-5f;

    /** Training cuts long texts where serving does not, so that a few may be answered otherwise. */
    private static final double FEW = 0.02;

    private Fidelity() {}

    /**
     * In words, how the stored adapter's accuracy on the validation split differs from what training measured; empty when
     * it does not, or when there was nothing to measure.
     */
    static Optional<String> difference(Answers stored, @Nullable Double measured) {
        if (measured == null || stored.size() == 0) {
            return Optional.empty();
        }
        double found = Metric.named("accuracy").score(Tally.of(stored));
        return Math.abs(found - measured) <= Math.max(FEW, 1.5 / stored.size())
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "The stored adapter has %.1f %% right of the %d validation texts where training measured %.1f %%"
                                + " before it was saved; the artefact cannot be trusted, so start another round.",
                        100 * found,
                        stored.size(),
                        100 * measured));
    }

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
