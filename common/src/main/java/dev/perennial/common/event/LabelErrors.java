package dev.perennial.common.event;

import java.util.Objects;

/**
 * How often answers for a true label were wrong.
 *
 * @param label the true label
 */
public record LabelErrors(String label, int errors, int total) {
    public LabelErrors {
        Objects.requireNonNull(label);
    }
}
