package dev.perennial.standalone.client;

import java.util.Locale;

/** The six services. */
public enum Service {
    GENERATOR,
    SCORER,
    SCHEDULER,
    TRAINER,
    EVALUATOR,
    REGISTRY;

    /** As in module, schema and event source names. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
