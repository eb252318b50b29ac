package dev.perennial.common.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of task that this version trains. */
public enum TaskType {
    CLASSIFICATION;

    @JsonCreator
    static TaskType of(String name) {
        if (!name.equals("classification")) {
            throw new IllegalArgumentException("'" + name + "' is not built yet; use classification");
        }
        return CLASSIFICATION;
    }

    @JsonValue
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
