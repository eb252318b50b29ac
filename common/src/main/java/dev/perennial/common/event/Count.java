package dev.perennial.common.event;

import java.util.Objects;

/** How often something with a name occurred. */
public record Count(String name, long count) {
    public Count {
        Objects.requireNonNull(name);
    }
}
