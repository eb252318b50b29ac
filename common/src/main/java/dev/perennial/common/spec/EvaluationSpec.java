package dev.perennial.common.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a trained candidate is judged.
 *
 * @param sets names of the evaluation sets; the first decides the gain
 * @param core those of the sets on which nothing may be forgotten; by default all but the first, or the only one
 */
public record EvaluationSpec(List<String> sets, List<String> core, Gate gate) {
    public static final EvaluationSpec DEFAULT = new EvaluationSpec(null, null, null);

    public EvaluationSpec(@Nullable List<String> sets, @Nullable List<String> core, @Nullable Gate gate) {
        this.sets = sets == null ? List.of() : List.copyOf(sets);
        this.core = core == null ? List.of() : List.copyOf(core);
        this.gate = gate == null ? new Gate(null, null, null) : gate;
    }

    /**
     * What a candidate must show.
     *
     * @param metric {@code accuracy} or {@code macro_f1}
     * @param minGain what the 95 % interval of the gain on the first set over the live version must lie above
     * @param maxForgetting most that any core set may lose against the live version
     */
    public record Gate(String metric, Double minGain, Double maxForgetting) {
        public Gate(@Nullable String metric, @Nullable Double minGain, @Nullable Double maxForgetting) {
            this.metric = metric == null ? "accuracy" : metric;
            this.minGain = minGain == null ? 0.0 : minGain;
            this.maxForgetting = maxForgetting == null ? 0.01 : maxForgetting;
        }
    }
}
