package dev.perennial.evaluator.metric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Labels as numbers, in alphabetical order, so that counting needs arrays only. */
final class LabelIndex {
    private final List<String> labels;
    private final Map<String, Integer> numbers = new HashMap<>();

    LabelIndex(List<List<String>> uses) {
        TreeSet<String> all = new TreeSet<>();
        uses.forEach(all::addAll);
        labels = new ArrayList<>(all);
        labels.forEach(label -> numbers.put(label, numbers.size()));
    }

    List<String> labels() {
        return labels;
    }

    int[] numbers(List<String> uses) {
        return uses.stream()
                .mapToInt(label -> Objects.requireNonNull(numbers.get(label)))
                .toArray();
    }
}
