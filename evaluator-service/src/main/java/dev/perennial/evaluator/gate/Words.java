package dev.perennial.evaluator.gate;

import dev.perennial.evaluator.metric.Interval;
import java.util.Locale;

/** Shares as people read them: percent, and differences of shares in points. */
final class Words {
    private Words() {}

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String points(double difference) {
        return String.format(Locale.ROOT, "%.1f", 100 * difference);
    }

    static String signedPoints(double difference) {
        return String.format(Locale.ROOT, "%+.1f", 100 * difference);
    }

    static String points(Interval interval) {
        return signedPoints(interval.lower()) + " to " + signedPoints(interval.upper());
    }
}
