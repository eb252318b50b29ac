package dev.perennial.benchmarks.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One case, measured in pairs.
 *
 * @param ratio of tokens a second, ours to theirs, pair by pair
 * @param bar least ratio that counts as met
 * @param sameTokens share of generated tokens that both sides chose alike; of generation only
 */
record Comparison(
        String name,
        Spread tokensPerSecond,
        Spread peakMebibytes,
        @Nullable Spread pythonTokensPerSecond,
        @Nullable Spread pythonPeakMebibytes,
        @Nullable Spread ratio,
        double bar,
        @Nullable Double firstLoss,
        @Nullable Double pythonFirstLoss,
        @Nullable Double sameTokens) {
    private static final double LOSS_TOLERANCE = 1e-3;

    /** @param theirs as many as ours, or none */
    static Comparison of(Workload workload, List<Measurement> ours, List<Measurement> theirs) {
        if (theirs.isEmpty()) {
            return new Comparison(
                    workload.id(),
                    speed(ours),
                    memory(ours),
                    null,
                    null,
                    null,
                    workload.bar(),
                    ours.getFirst().firstLoss(),
                    null,
                    null);
        }
        Measurement first = ours.getFirst();
        Measurement other = theirs.getFirst();
        requireSame(workload, first.firstLoss(), other.firstLoss());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i).tokensPerSecond() / theirs.get(i).tokensPerSecond());
        }
        return new Comparison(
                workload.id(),
                speed(ours),
                memory(ours),
                speed(theirs),
                memory(theirs),
                Spread.of(ratios),
                workload.bar(),
                first.firstLoss(),
                other.firstLoss(),
                first.generated().isEmpty() ? null : same(first.generated(), other.generated()));
    }

    private static void requireSame(Workload workload, @Nullable Double ours, @Nullable Double theirs) {
        if (ours != null && theirs != null && !(Math.abs(ours - theirs) <= LOSS_TOLERANCE)) {
            throw new IllegalStateException(
                    "%s: the first loss is %s here and %s in Python; they compute different things"
                            .formatted(workload.id(), ours, theirs));
        }
    }

    private static double same(List<long[]> ours, List<long[]> theirs) {
        long[] a = ours.stream().flatMapToLong(Arrays::stream).toArray();
        long[] b = theirs.stream().flatMapToLong(Arrays::stream).toArray();
        return IntStream.range(0, a.length).filter(i -> a[i] == b[i]).count() / (double) a.length;
    }

    private static Spread speed(List<Measurement> runs) {
        return Spread.of(runs.stream().map(Measurement::tokensPerSecond).toList());
    }

    private static Spread memory(List<Measurement> runs) {
        return Spread.of(runs.stream().map(Measurement::peakMebibytes).toList());
    }

    /** Fast enough and in no more memory; null without Python. */
    @Nullable
    Boolean met() {
        if (ratio == null || pythonPeakMebibytes == null) {
            return null;
        }
        return ratio.median() >= bar && peakMebibytes.median() <= pythonPeakMebibytes.median();
    }
}
