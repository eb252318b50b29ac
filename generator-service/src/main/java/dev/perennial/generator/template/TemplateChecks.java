package dev.perennial.generator.template;

import dev.perennial.common.spec.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;

/** What a prompt template must fulfil. */
final class TemplateChecks {
    private final PromptTemplate template;
    private final List<Violation> violations = new ArrayList<>();

    private TemplateChecks(PromptTemplate template) {
        this.template = template;
    }

    static List<Violation> check(String name, PromptTemplate template) {
        TemplateChecks checks = new TemplateChecks(template);
        checks.require(template.name().equals(name), "name", "must be '" + name + "', as in the address");
        checks.prompt("role", template.role());
        checks.prompt("task", template.task());
        checks.prompt("outputFormat", template.outputFormat());
        checks.asksForWhatIsPlanned();
        checks.patterns();
        checks.slots();
        return List.copyOf(checks.violations);
    }

    private void prompt(String path, String part) {
        require(!part.isBlank(), path, "is missing");
        Matcher slots = PromptRenderer.SLOT.matcher(part);
        while (slots.find()) {
            require(
                    PromptSlot.of(slots.group(1)).isPresent(),
                    path,
                    "{{" + slots.group(1) + "}} is not a known slot; known are " + PromptSlot.known());
        }
        String rest = PromptRenderer.SLOT.matcher(part).replaceAll("");
        require(!rest.contains("{{"), path, "has '{{' that opens no slot; write {{name}}");
    }

    /** Without these a reply cannot be what the plan of the run counts on. */
    private void asksForWhatIsPlanned() {
        String whole = template.role() + template.task() + template.outputFormat();
        for (String slot : List.of("count", "label")) {
            boolean asked = PromptRenderer.SLOT
                    .matcher(whole)
                    .results()
                    .anyMatch(match -> match.group(1).equals(slot));
            require(asked, "task", "must use {{" + slot + "}}");
        }
    }

    private void patterns() {
        new TreeMap<>(template.grammar().patterns()).forEach((label, patterns) -> {
            String path = "grammar.patterns." + label;
            require(!patterns.isEmpty(), path, "name at least one pattern");
            phrases(path, patterns);
        });
    }

    private void slots() {
        Map<String, List<String>> slots = new TreeMap<>(template.grammar().slots());
        slots.forEach((slot, values) -> {
            String path = "grammar.slots." + slot;
            require(GrammarText.isName(slot), path, "a slot's name has letters, digits and underscores");
            require(!values.isEmpty(), path, "name at least one value");
            phrases(path, values);
            require(!reaches(slot, slot, new HashSet<>()), path, "must not lead back to itself");
        });
    }

    private void phrases(String path, List<String> phrases) {
        for (int i = 0; i < phrases.size(); i++) {
            String at = path + "[" + i + "]";
            require(!phrases.get(i).isBlank(), at, "is empty");
            require(
                    GrammarText.isWellFormed(phrases.get(i)),
                    at,
                    "has a brace that belongs to no slot; write {name} with letters, digits and underscores");
        }
    }

    private boolean reaches(String from, String wanted, Set<String> visited) {
        for (String value : template.grammar().slots().getOrDefault(from, List.of())) {
            for (String slot : GrammarText.slots(value)) {
                if (slot.equals(wanted) || (visited.add(slot) && reaches(slot, wanted, visited))) {
                    return true;
                }
            }
        }
        return false;
    }

    private void require(boolean holds, String path, String message) {
        if (!holds) {
            violations.add(new Violation(path, message));
        }
    }
}
