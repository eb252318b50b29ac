package dev.perennial.registry.gateway;

import dev.perennial.registry.rollout.Observation;
import java.util.List;

/**
 * What a request leaves behind.
 *
 * @param predictions the answers that callers got
 * @param observations how the asked versions did, the one that failed too
 */
record Traffic(List<Prediction> predictions, List<Observation> observations) {
    Traffic {
        predictions = List.copyOf(predictions);
        observations = List.copyOf(observations);
    }
}
