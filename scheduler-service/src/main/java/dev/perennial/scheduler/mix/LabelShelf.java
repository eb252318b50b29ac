package dev.perennial.scheduler.mix;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** One label's samples by kind, each kind in an order that the seed shuffles. */
record LabelShelf(
        String label,
        List<PoolSample> freshReal,
        List<PoolSample> freshSynthetic,
        List<PoolSample> earlierReal,
        List<PoolSample> earlierSynthetic) {

    static LabelShelf of(String label, List<PoolSample> samples, long seed) {
        List<PoolSample> shuffled = samples.stream()
                .sorted(Comparator.<PoolSample>comparingLong(sample -> rank(sample, seed))
                        .thenComparing(PoolSample::sampleId))
                .toList();
        return new LabelShelf(
                label,
                those(shuffled, sample -> sample.isReal() && sample.fresh()),
                those(shuffled, sample -> !sample.isReal() && sample.fresh()),
                those(shuffled, sample -> sample.isReal() && !sample.fresh()),
                those(shuffled, sample -> !sample.isReal() && !sample.fresh()));
    }

    int real() {
        return freshReal.size() + earlierReal.size();
    }

    int size() {
        return real() + freshSynthetic.size() + earlierSynthetic.size();
    }

    private static List<PoolSample> those(List<PoolSample> samples, Predicate<PoolSample> kind) {
        return samples.stream().filter(kind).toList();
    }

    /** A number that looks random, of text and seed: the finaliser of MurmurHash3. */
    private static long rank(PoolSample sample, long seed) {
        long mixed = sample.contentHash().hashCode() * 0x9e3779b97f4a7c15L ^ seed;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
