package dev.perennial.generator.generation;

import dev.perennial.generator.seed.Seed;
import java.util.List;

/**
 * One call of a run's plan.
 *
 * @param index its number in the run
 * @param wave 0 for the first plan, higher for what tops up a label that had too few
 * @param wanted utterances to ask for
 * @param offset utterances of the label that earlier calls of the run ask for
 */
record PlannedCall(
        int index,
        int wave,
        String label,
        String difficulty,
        String style,
        int wanted,
        int offset,
        List<Seed> examples) {
    PlannedCall {
        examples = List.copyOf(examples);
    }
}
