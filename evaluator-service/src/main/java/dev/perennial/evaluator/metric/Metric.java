package dev.perennial.evaluator.metric;

import java.util.List;

/**
 * How good answers are, in one number: a pure function, 0 for none right and 1 for all right, higher is better, and
 * blind to the order of the texts.
 */
public interface Metric {
    /** Every metric that is reported; the first is the default. */
    List<Metric> ALL = List.of(new Accuracy(), new MacroF1());

    /** As a model spec calls it, such as {@code macro_f1}. */
    String name();

    /** In [0, 1]; 0 when there are no answers. */
    double score(Tally tally);

    /**
     * The metric of a spec.
     *
     * @throws IllegalArgumentException when there is none of that name; a checked spec names one of them
     */
    static Metric named(String name) {
        return ALL.stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no metric '" + name + "'"));
    }
}
