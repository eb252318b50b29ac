package dev.perennial.generator.provider.offline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts another word of its group in the place of one word. */
final class SynonymRewrite implements Rewrite {
    private final List<List<String>> groups;

    SynonymRewrite(List<List<String>> groups) {
        this.groups = groups;
    }

    private record Match(int start, int end, List<String> group) {}

    @Override
    public String apply(String text, RandomGenerator random) {
        List<Match> matches = matches(text);
        if (matches.isEmpty()) {
            return text;
        }
        Match match = matches.get(random.nextInt(matches.size()));
        String word = text.substring(match.start(), match.end());
        List<String> others = match.group().stream()
                .filter(other -> !other.equalsIgnoreCase(word))
                .toList();
        String other = others.get(random.nextInt(others.size()));
        return text.substring(0, match.start()) + likeCase(word, other) + text.substring(match.end());
    }

    private List<Match> matches(String text) {
        List<Match> matches = new ArrayList<>();
        for (List<String> group : groups) {
            for (String word : group) {
                Matcher found = Words.pattern(word).matcher(text);
                while (found.find()) {
                    matches.add(new Match(found.start(), found.end(), group));
                }
            }
        }
        return matches;
    }

    private static String likeCase(String model, String word) {
        return Character.isUpperCase(model.charAt(0))
                ? word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)
                : word;
    }

    /** Whole words in languages that part them, any place in those that do not. */
    static final class Words {
        private Words() {}

        static Pattern pattern(String word) {
            boolean parted = word.codePoints().noneMatch(Character::isIdeographic);
            String edge = parted ? "(?<![\\p{L}\\p{N}'])" : "";
            String end = parted ? "(?![\\p{L}\\p{N}'])" : "";
            return Pattern.compile(edge + Pattern.quote(word) + end, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        }
    }
}
