package dev.perennial.lora.adapter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perennial.lora.ModelFormatException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values for the modules whose names end as a regular expression says, the first that fits winning: {@code rank_pattern}
 * and {@code alpha_pattern} of peft 0.21.0 ({@code get_pattern_key}). The expressions come from untrusted files: RE2 compares
 * them in time in proportion to their length, which is limited. What it and Python read differently is refused, as is what
 * it does not know (lookaround, references back).
 */
public final class ModulePatterns<V> {
    private static final int MAX_PATTERNS = 1 << 12;
    private static final int MAX_LENGTH = 256;
    private static final int MAX_TOTAL = 1 << 15;

    /** What Python reads in another way or not at all, and repetitions by a number. */
    private static final Pattern UNUSUAL = Pattern.compile("\\{|\\(\\?|\\[:|\\\\[^dDwW[:^alnum:]]");

    private final Map<String, V> values;
    private final Map<Pattern, V> compiled = new LinkedHashMap<>();

    private ModulePatterns(Map<String, V> values) {
        int total = values.keySet().stream().mapToInt(String::length).sum();
        if (values.size() > MAX_PATTERNS || total > MAX_TOTAL) {
            throw new ModelFormatException("more than %d patterns, or more than %d characters of them; merge some"
                    .formatted(MAX_PATTERNS, MAX_TOTAL));
        }
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        values.forEach((pattern, value) -> compiled.put(compile(pattern), value));
    }

    public static <V> ModulePatterns<V> none() {
        return new ModulePatterns<>(Map.of());
    }

    /** In the order of the map. */
    public static <V> ModulePatterns<V> of(Map<String, V> values) {
        return new ModulePatterns<>(values);
    }

    private static Pattern compile(String pattern) {
        if (pattern.length() > MAX_LENGTH || UNUSUAL.matcher(pattern).find()) {
            throw new ModelFormatException(
                    "the pattern '%s' is longer than %d characters or has a '{', '(?', '[:' or '\\Q'"
                            .formatted(pattern.substring(0, Math.min(pattern.length(), 80)), MAX_LENGTH));
        }
        try {
            return Pattern.compile("(.*\\.)?(" + pattern + ")");
        } catch (PatternSyntaxException e) {
            throw new ModelFormatException("'" + pattern + "' is no regular expression: " + e.getMessage(), e);
        }
    }

    public Map<String, V> values() {
        return values;
    }

    /** The value for a module, {@code otherwise} if no pattern fits its name. */
    public V of(String path, V otherwise) {
        for (Map.Entry<Pattern, V> entry : compiled.entrySet()) {
            if (entry.getKey().matches(path)) {
                return entry.getValue();
            }
        }
        return otherwise;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModulePatterns<?> patterns && values.equals(patterns.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
