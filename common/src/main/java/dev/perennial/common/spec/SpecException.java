package dev.perennial.common.spec;

import java.util.List;
import java.util.stream.Collectors;

/** A model spec that is refused, with every violation found. */
public final class SpecException extends RuntimeException {
    private final transient List<Violation> violations;

    public SpecException(List<Violation> violations) {
        super(violations.stream()
                .map(Violation::describe)
                .collect(Collectors.joining("; ", "The model spec is refused. ", "")));
        this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
        return violations;
    }
}
