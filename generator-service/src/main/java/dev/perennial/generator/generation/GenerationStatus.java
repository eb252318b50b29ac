package dev.perennial.generator.generation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Where a generation run stands. */
enum GenerationStatus {
    QUEUED("queued"),
    RUNNING("running"),
    /** All calls were made. */
    COMPLETE("complete"),
    /** The budget of the day ended it; what was made is kept. */
    BUDGET_EXHAUSTED("budget-exhausted"),
    /** It ended without what it needs; the message says what. */
    FAILED("failed");

    private final String wire;

    GenerationStatus(String wire) {
        this.wire = wire;
    }

    static GenerationStatus of(String wire) {
        return Arrays.stream(values())
                .filter(status -> status.wire.equals(wire))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + wire + "' is no status"));
    }

    @JsonValue
    String wire() {
        return wire;
    }
}
