package dev.perennial.benchmarks.predict;

import java.util.List;

/** Of measured values, by the nearest rank. */
final class Quantile {
    private Quantile() {}

    static double of(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1);
    }
}
