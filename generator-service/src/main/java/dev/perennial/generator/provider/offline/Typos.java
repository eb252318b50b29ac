package dev.perennial.generator.provider.offline;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One slip of the finger in one longer word; its first and last letters stay, so that it remains readable. */
final class Typos {
    private static final Pattern LONG_WORD = Pattern.compile("[a-zA-Z]{5,}");

    private Typos() {}

    static String make(String text, RandomGenerator random) {
        List<MatchResult> words = LONG_WORD.matcher(text).results().toList();
        if (words.isEmpty()) {
            return text;
        }
        MatchResult word = words.get(random.nextInt(words.size()));
        int at = word.start() + 1 + random.nextInt(word.end() - word.start() - 3);
        return switch (random.nextInt(3)) {
            case 0 -> text.substring(0, at) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + text.charAt(at) + text.substring(at);
            default -> text.substring(0, at) + text.charAt(at + 1) + text.charAt(at) + text.substring(at + 2);
        };
    }
}
