package dev.perennial.generator.provider.offline;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One small change of a sentence; gives it back as it is where the change does not apply. */
@FunctionalInterface
interface Rewrite {
    Pattern CLAUSES = Pattern.compile("([^,，]{6,})([,，])\\s*([^,，]{6,}?)([.!?。！？]*)");
    Pattern ENDING = Pattern.compile("[\\s.!,;。！，；]+$");

    String apply(String text, RandomGenerator random);

    static Rewrite opening(List<String> openings) {
        return (text, random) -> {
            String opening = pick(openings, random);
            boolean has = opening.isEmpty() || startsWithAny(text, openings);
            return has ? text : opening + glue(opening, ", ", "，") + lowerFirst(text);
        };
    }

    static Rewrite closing(List<String> closings) {
        return (text, random) -> {
            String closing = pick(closings, random);
            String body = ENDING.matcher(text).replaceAll("");
            if (closing.isEmpty() || endsWithAny(body, closings)) {
                return text;
            }
            return body.endsWith("?") || body.endsWith("？")
                    ? body + glue(closing, " ", "") + closing
                    : body + glue(closing, ", ", "，") + closing;
        };
    }

    /** {@code the line is dead, since Monday} and {@code since Monday the line is dead} are one complaint. */
    static String swapClauses(String text, RandomGenerator random) {
        Matcher clauses = CLAUSES.matcher(text);
        return clauses.matches()
                ? clauses.group(3)
                        + clauses.group(2)
                        + (clauses.group(2).equals(",") ? " " : "")
                        + lowerFirst(clauses.group(1).strip())
                        + clauses.group(4)
                : text;
    }

    private static String pick(List<String> words, RandomGenerator random) {
        return words.isEmpty() ? "" : words.get(random.nextInt(words.size()));
    }

    private static boolean startsWithAny(String text, List<String> openings) {
        String lower = text.toLowerCase(Locale.ROOT);
        return openings.stream().anyMatch(opening -> lower.startsWith(opening.toLowerCase(Locale.ROOT)));
    }

    private static boolean endsWithAny(String text, List<String> closings) {
        String lower = text.toLowerCase(Locale.ROOT);
        return closings.stream().anyMatch(closing -> lower.endsWith(closing.toLowerCase(Locale.ROOT)));
    }

    private static String glue(String word, String latin, String ideographic) {
        return word.codePoints().anyMatch(Character::isIdeographic) ? ideographic : latin;
    }

    /** Names and "I" keep their capital. */
    private static String lowerFirst(String text) {
        boolean word = text.length() > 1
                && Character.isUpperCase(text.charAt(0))
                && Character.isLowerCase(text.charAt(1))
                && !text.startsWith("I'");
        return word ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
    }
}
