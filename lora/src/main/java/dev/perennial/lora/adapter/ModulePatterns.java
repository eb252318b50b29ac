package dev.perennial.lora.adapter;

import dev.perennial.lora.ModelFormatException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Values for the modules whose names end as a regular expression says, the first that fits winning: {@code rank_pattern}
 * and {@code alpha_pattern} of peft 0.21.0 ({@code get_pattern_key}). The expressions come from untrusted files, so their
 * length, their means and the work they may cause are limited.
 */
public final class ModulePatterns<V> {
    private static final int MAX_PATTERNS = 1 << 12;
    private static final int MAX_LENGTH = 256;
    private static final int MAX_LOOKS = 100_000;

    private final Map<String, V> values;
    private final Map<Pattern, V> compiled = new LinkedHashMap<>();

    private ModulePatterns(Map<String, V> values) {
        if (values.size() > MAX_PATTERNS) {
            throw new ModelFormatException("more than %d patterns".formatted(MAX_PATTERNS));
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
        if (pattern.length() > MAX_LENGTH || pattern.contains("{") || pattern.contains("(?")) {
            throw new ModelFormatException("the pattern '%s' is longer than %d characters or has a '{' or '(?'"
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
            if (entry.getKey().matcher(new Watched(path)).matches()) {
                return entry.getValue();
            }
        }
        return otherwise;
    }

    /** A text that lets itself be looked at only so often: nested repetitions would otherwise take for ever. */
    private static final class Watched implements CharSequence {
        private final String text;
        private int looks;

        Watched(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MAX_LOOKS) {
                throw new ModelFormatException("a pattern takes too long to compare with '" + text + "'");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
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
