package dev.perennial.benchmarks.learn;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One value of several runs. */
record Range(double mean, double min, double max, List<Double> runs) {
    static <T> Range of(List<T> scores, ToDoubleFunction<T> value) {
        List<Double> runs = scores.stream().mapToDouble(value).boxed().toList();
        DoubleSummaryStatistics values =
                runs.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        return new Range(values.getAverage(), values.getMin(), values.getMax(), runs);
    }
}
