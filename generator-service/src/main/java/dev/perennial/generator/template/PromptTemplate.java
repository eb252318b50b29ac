package dev.perennial.generator.template;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A prompt in three parts whose {@code {{slots}}} are filled for each call.
 *
 * @param role who the LLM is to be; the system message
 * @param task what it shall write
 * @param outputFormat the JSON that it shall answer with
 * @param labelDescriptions what each label means, in one sentence
 * @param grammar what the offline provider uses instead of an LLM
 */
public record PromptTemplate(
        String name,
        String role,
        String task,
        String outputFormat,
        Map<String, String> labelDescriptions,
        Grammar grammar) {

    public PromptTemplate(
            @Nullable String name,
            @Nullable String role,
            @Nullable String task,
            @Nullable String outputFormat,
            @Nullable Map<String, String> labelDescriptions,
            @Nullable Grammar grammar) {
        this.name = Objects.requireNonNullElse(name, "");
        this.role = Objects.requireNonNullElse(role, "");
        this.task = Objects.requireNonNullElse(task, "");
        this.outputFormat = Objects.requireNonNullElse(outputFormat, "");
        this.labelDescriptions = labelDescriptions == null ? Map.of() : Map.copyOf(labelDescriptions);
        this.grammar = grammar == null ? Grammar.NONE : grammar;
    }

    /** The same with this name if it has none. */
    PromptTemplate orNamed(String other) {
        return name.isEmpty() ? new PromptTemplate(other, role, task, outputFormat, labelDescriptions, grammar) : this;
    }

    /** What a label means; its name in words where the template does not say. */
    public String describe(String label) {
        return labelDescriptions.getOrDefault(label, label.replace('_', ' '));
    }
}
