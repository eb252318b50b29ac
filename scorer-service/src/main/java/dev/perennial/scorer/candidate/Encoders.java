package dev.perennial.scorer.candidate;

/** The encoders of base models. */
@FunctionalInterface
public interface Encoders {

    /** The encoder of a spec's {@code baseModel}, opened when first asked for. */
    Encoder of(String baseModel);
}
