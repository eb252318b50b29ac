package dev.perennial.lora.tokenizer;

import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What the value of a key may be. */
record Rule(String wanted, boolean optional, Predicate<JsonNode> allows) {
    static final Rule FLAG = new Rule("true or false", false, JsonNode::isBoolean);

    static final Rule SHORT = new Rule("a text of at most 8 letters", false, value -> isText(value, 0, 8));

    /** The library ends the process when it puts nothing in front of a text. */
    static final Rule MARK = new Rule("a text of 1 to 8 letters", false, value -> isText(value, 1, 8));

    /** So short that a text cannot grow without bound by replacements one after another. */
    static final Rule REPLACEMENT = new Rule("a text of at most 2 letters", false, value -> isText(value, 0, 2));

    static final Rule LETTER = new Rule(
            "one letter",
            false,
            value -> value.isString()
                    && value.stringValue().codePointCount(0, value.stringValue().length()) == 1);

    /**
     * A literal text, or one of the expressions that published tokenizers use: the library ends the process when the
     * search for a match takes too long, which any other expression may do on some text.
     */
    static final Rule PATTERN = new Rule(
            "{\"String\": ...} of 1 to 8 letters or {\"Regex\": ...} of " + Expressions.KNOWN.size() + " known ones",
            false,
            value -> value.size() == 1
                    && (isText(value.path("String"), 1, 8)
                            || Expressions.KNOWN.contains(value.path("Regex").asString(""))));

    static final Rule BEHAVIOR = oneOf("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

    Rule orAbsent() {
        return new Rule(wanted + " or absent", true, allows);
    }

    static Rule oneOf(String... names) {
        Set<String> all = Set.of(names);
        return new Rule("one of " + all, false, value -> all.contains(value.asString("")));
    }

    static Rule count(int from, int to) {
        return new Rule(
                "a number from %d to %d".formatted(from, to),
                false,
                value -> value.isInt() && value.intValue() >= from && value.intValue() <= to);
    }

    private static boolean isText(JsonNode value, int from, int to) {
        return value.isString()
                && value.stringValue().length() >= from
                && value.stringValue().length() <= to;
    }
}
