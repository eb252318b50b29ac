package dev.perennial.evaluator.gate;

import dev.perennial.evaluator.metric.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gate decided.
 *
 * @param reasons one sentence for each thing that was looked at, the failed ones first
 * @param gain 95 % interval of the candidate's gain on the first set, if that was measured
 */
public record Verdict(
        boolean passed, List<String> reasons, @Nullable Interval gain) {
    public Verdict {
        reasons = List.copyOf(reasons);
    }
}
