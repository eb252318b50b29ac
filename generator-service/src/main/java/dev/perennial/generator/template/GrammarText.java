package dev.perennial.generator.template;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Phrases with {@code {slots}}. */
public final class GrammarText {
    private static final Pattern SLOT = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_]*)}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    private GrammarText() {}

    /** The slots in order of appearance, each as often as it appears. */
    public static List<String> slots(String phrase) {
        return SLOT.matcher(phrase).results().map(match -> match.group(1)).toList();
    }

    public static String fill(String phrase, UnaryOperator<String> value) {
        return SLOT.matcher(phrase).replaceAll(slot -> Matcher.quoteReplacement(value.apply(slot.group(1))));
    }

    static boolean isName(String slot) {
        return NAME.matcher(slot).matches();
    }

    static boolean isWellFormed(String phrase) {
        String rest = SLOT.matcher(phrase).replaceAll("");
        return rest.indexOf('{') < 0 && rest.indexOf('}') < 0;
    }
}
