package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Asserts how far a result is from its golden value, and remembers the largest difference for the report of gpu-check. */
public final class GoldenDifference {
    private static final Map<String, Map<String, Largest>> OF_CLASSES = new ConcurrentHashMap<>();

    private GoldenDifference() {}

    /** The largest difference seen, and the largest that is allowed. */
    public record Largest(double difference, double allowed) {
        private Largest or(Largest other) {
            return difference >= other.difference || Double.isNaN(difference) ? this : other;
        }
    }

    /**
     * A difference that was computed already.
     *
     * @param what is compared, {@code logits}
     */
    public static void check(String what, double difference, double allowed) {
        remember(caller(), what, new Largest(difference, allowed));
        assertThat(difference).as(what).isCloseTo(0, within(allowed));
    }

    /** Element by element. */
    public static void check(String what, float[] found, float[] expected, double allowed) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(found[i] - expected[i]));
        }
        remember(caller(), what, new Largest(worst, allowed));
        assertThat(worst).as(what).isCloseTo(0, within(allowed));
    }

    private static String caller() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                        .filter(type -> type != GoldenDifference.class)
                        .findFirst()
                        .orElseThrow()
                        .getName());
    }

    private static void remember(String testClass, String what, Largest difference) {
        OF_CLASSES
                .computeIfAbsent(testClass, _ -> new ConcurrentSkipListMap<>())
                .merge(what, difference, Largest::or);
    }

    /** By what was compared. */
    public static Map<String, Largest> of(String testClass) {
        return Map.copyOf(OF_CLASSES.getOrDefault(testClass, Map.of()));
    }
}
