package dev.perennial.scorer.candidate;

import java.util.List;

/** Turns texts into vectors that are near each other when the texts mean the same. */
public interface Encoder {

    /** Of vectors stored with another fingerprint nothing can be compared. */
    String fingerprint();

    /** One L2-normalised vector a text, in their order. */
    float[][] embed(List<String> texts);
}
