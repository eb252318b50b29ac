package dev.perennial.scheduler.round;

import dev.perennial.common.event.LabelErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many samples of which label a round asks the generator for. */
final class Targets {
    private Targets() {}

    /** The same number for each label; the first ones get what is left over. */
    static Map<String, Integer> evenly(List<String> labels, int samples) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            int count = samples / labels.size() + (i < samples % labels.size() ? 1 : 0);
            if (count > 0) {
                counts.put(labels.get(i), count);
            }
        }
        return counts;
    }

    /**
     * In proportion to the errors of each label, by largest remainder. When none of the labels is among those of the
     * model or none has errors, all labels get the same.
     */
    static Map<String, Integer> byErrors(List<LabelErrors> bad, List<String> labels, int samples) {
        List<LabelErrors> known = bad.stream()
                .filter(label -> labels.contains(label.label()) && label.errors() > 0)
                .toList();
        long errors = known.stream().mapToLong(LabelErrors::errors).sum();
        if (errors == 0) {
            return evenly(labels, samples);
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        known.forEach(
                label -> counts.merge(label.label(), (int) (label.errors() * (long) samples / errors), Integer::sum));
        List<LabelErrors> byRemainder = new ArrayList<>(known);
        byRemainder.sort(Comparator.comparingLong(label -> -(label.errors() * (long) samples % errors)));
        int left =
                samples - counts.values().stream().mapToInt(Integer::intValue).sum();
        byRemainder.stream().limit(left).forEach(label -> counts.merge(label.label(), 1, Integer::sum));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }
}
