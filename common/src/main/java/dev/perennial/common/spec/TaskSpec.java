package dev.perennial.common.spec;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the model does.
 *
 * @param language BCP 47, such as {@code en} or {@code zh}
 * @param labels the closed list of labels, in the order that a classifier's outputs have at first
 */
public record TaskSpec(TaskType type, String language, List<String> labels) {
    public TaskSpec(@Nullable TaskType type, @Nullable String language, @Nullable List<String> labels) {
        this.type = Objects.requireNonNull(type, "task.type is missing");
        this.language = language == null ? "en" : language;
        this.labels = labels == null ? List.of() : List.copyOf(labels);
    }
}
