package dev.perennial.generator.template;

import dev.perennial.generator.knowledge.Knowledge;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fills a template's slots. Values are put in as they are: a slot inside a value stays text. */
public final class PromptRenderer {
    static final Pattern SLOT = Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9]*)\\s*}}");

    private final PromptTemplate template;
    private final Knowledge knowledge;
    private final List<String> labels;
    private final String language;

    public PromptRenderer(PromptTemplate template, Knowledge knowledge, List<String> labels, String language) {
        this.template = template;
        this.knowledge = knowledge;
        this.labels = labels;
        this.language = language;
    }

    /**
     * What one call asks for.
     *
     * @param examples texts of real samples of the label
     */
    public record Wish(String label, int count, String style, String difficulty, List<String> examples) {}

    public Prompt render(Wish wish) {
        return new Prompt(
                fill(template.role(), wish),
                fill(template.task(), wish) + "\n\n" + fill(template.outputFormat(), wish));
    }

    private String fill(String part, Wish wish) {
        return SLOT.matcher(part)
                .replaceAll(slot -> Matcher.quoteReplacement(value(slot, wish)))
                .strip();
    }

    private String value(MatchResult match, Wish wish) {
        return switch (PromptSlot.of(match.group(1)).orElseThrow()) {
            case COUNT -> Integer.toString(wish.count());
            case LABEL -> wish.label();
            case LABEL_DESCRIPTION -> template.describe(wish.label());
            case LABELS -> String.join(", ", labels);
            case LANGUAGE -> language;
            case STYLE -> wish.style();
            case DIFFICULTY -> wish.difficulty();
            case KNOWLEDGE -> orNone(knowledge.textFor(wish.label()));
            case EXAMPLES ->
                orNone(wish.examples().stream().map(text -> "- " + text).collect(Collectors.joining("\n")));
        };
    }

    private static String orNone(String text) {
        return text.isBlank() ? "(none)" : text;
    }
}
