package dev.perennial.registry.gateway;

import java.util.Collection;
import java.util.List;

/** Where given answers are kept. */
interface PredictionStore {
    /** Writes answers, their events and what they say about the versions: all or nothing. */
    void write(List<Traffic> batch);

    /** Those of the answers that are written. */
    List<Prediction> find(Collection<String> requestIds);
}
