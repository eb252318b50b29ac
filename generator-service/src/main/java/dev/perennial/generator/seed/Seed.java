package dev.perennial.generator.seed;

import java.util.Objects;

/** An accepted real sample. */
public record Seed(String sampleId, String text) {
    public Seed {
        Objects.requireNonNull(sampleId);
        Objects.requireNonNull(text);
    }
}
