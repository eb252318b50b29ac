package dev.perennial.generator.template;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a prompt template may ask for. */
enum PromptSlot {
    COUNT("count"),
    LABEL("label"),
    LABEL_DESCRIPTION("labelDescription"),
    LABELS("labels"),
    LANGUAGE("language"),
    STYLE("style"),
    DIFFICULTY("difficulty"),
    KNOWLEDGE("knowledge"),
    EXAMPLES("examples");

    private final String key;

    PromptSlot(String key) {
        this.key = key;
    }

    static Optional<PromptSlot> of(String key) {
        return Arrays.stream(values()).filter(slot -> slot.key.equals(key)).findFirst();
    }

    static String known() {
        return Arrays.stream(values()).map(slot -> "{{" + slot.key + "}}").collect(Collectors.joining(", "));
    }
}
