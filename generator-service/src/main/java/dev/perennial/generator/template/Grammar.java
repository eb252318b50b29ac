package dev.perennial.generator.template;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sentence patterns with {@code {slots}} and the words for the slots. A slot is looked up in the knowledge files first:
 * lines with the wanted label, then lines without one, then {@code slots} here. Words may hold slots themselves.
 *
 * @param patterns by label
 * @param slots by slot
 */
public record Grammar(Map<String, List<String>> patterns, Map<String, List<String>> slots) {
    public static final Grammar NONE = new Grammar(null, null);

    public Grammar(@Nullable Map<String, List<String>> patterns, @Nullable Map<String, List<String>> slots) {
        this.patterns = copy(patterns);
        this.slots = copy(slots);
    }

    private static Map<String, List<String>> copy(@Nullable Map<String, List<String>> lists) {
        return lists == null
                ? Map.of()
                : lists.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }
}
