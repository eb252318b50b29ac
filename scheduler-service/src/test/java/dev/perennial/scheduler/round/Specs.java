package dev.perennial.scheduler.round;

import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;

/** Model specs of tests. */
final class Specs {
    private Specs() {}

    static ModelSpec of(String name, String scheduling) {
        return SpecReader.read("""
                name: %s
                task: {type: classification, labels: [billing, outage, router]}
                baseModel: all-minilm-l6-v2
                generation: {template: intents, perRound: 30}
                scheduling: %s
                evaluation: {sets: [holdout]}
                """.formatted(name, scheduling));
    }
}
