package dev.perennial.evaluator.drift;

import dev.perennial.common.spec.SpecReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ADWIN2 (Bifet and Gavaldà 2007, section 4): the window holds the longest past that is no evidence against a constant
 * error rate. It is kept in buckets of 1, 2, 4, ... answers, so an answer costs O(log W) in memory.
 *
 * <p>A cut into an older part of n0 and a newer part of n1 answers is evidence when the parts' error rates differ by more
 * than (equation 3.1, with the variance {@code v} of the window W)
 *
 * <pre>
 *   m = 1 / (n0 - 4) + 1 / (n1 - 4)     d = ln(2 ln W / delta)
 *   epsilon = sqrt(2 m v d) + 2/3 m d
 * </pre>
 *
 * Then the oldest buckets are dropped until no cut is evidence. The shift that is reported is the cut with the strongest
 * evidence, which is nearer to where the change was than what happens to be dropped first.
 *
 * <p>Differs from the paper as MOA and river do: parts shorter than five and windows of at most ten are not looked at,
 * and the part lengths in m are reduced by four. Golden values: src/test/python/adwin.py.
 */
final class Adwin implements DriftDetector {
    private static final int MAX_BUCKETS = 5;
    private static final int MIN_LENGTH = 5;
    private static final int GRACE = 10;

    private final double delta;
    private final int checkEvery;
    private int seen;
    private int width;
    private int errors;

    /** {@code rows.get(r)} holds the errors in each bucket of 2^r answers, oldest first. */
    private final List<List<Integer>> rows = new ArrayList<>();

    /**
     * An empty window.
     *
     * @param delta confidence: chance of a false alarm, by a bound that is far from tight
     * @param checkEvery how many answers are taken in between two looks at the cuts
     */
    Adwin(double delta, int checkEvery) {
        this.delta = delta;
        this.checkEvery = checkEvery;
    }

    private record State(int seen, List<List<Integer>> rows) {}

    static Adwin restore(double delta, int checkEvery, @Nullable String state) {
        Adwin adwin = new Adwin(delta, checkEvery);
        if (state != null) {
            State stored = SpecReader.storedMapper().readValue(state, State.class);
            adwin.seen = stored.seen();
            stored.rows().forEach(row -> adwin.rows.add(new ArrayList<>(row)));
            for (int row = 0; row < adwin.rows.size(); row++) {
                adwin.width += adwin.rows.get(row).size() << row;
                adwin.errors +=
                        adwin.rows.get(row).stream().mapToInt(Integer::intValue).sum();
            }
        }
        return adwin;
    }

    @Override
    public String state() {
        return SpecReader.storedMapper().writeValueAsString(new State(seen, rows));
    }

    @Override
    public String name() {
        return "adwin";
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public double errorRate() {
        return width == 0 ? 0 : (double) errors / width;
    }

    @Override
    public Optional<Shift> update(boolean error) {
        seen++;
        width++;
        errors += error ? 1 : 0;
        insert(error ? 1 : 0);
        if (seen % checkEvery != 0 || width <= GRACE) {
            return Optional.empty();
        }
        Optional<Cut> found = strongestCut();
        for (Optional<Cut> cut = found; cut.isPresent(); cut = strongestCut()) {
            dropOldest();
        }
        return found.map(cut -> new Shift(cut.olderRate(), cut.newerRate(), cut.newer()));
    }

    /** Two buckets of a row that is too long become one of the next. */
    private void insert(int bucket) {
        int merged = bucket;
        for (int row = 0; ; row++) {
            if (row == rows.size()) {
                rows.add(new ArrayList<>());
            }
            List<Integer> buckets = rows.get(row);
            buckets.add(merged);
            if (buckets.size() <= MAX_BUCKETS) {
                return;
            }
            merged = buckets.removeFirst() + buckets.removeFirst();
        }
    }

    private void dropOldest() {
        List<Integer> oldest = rows.getLast();
        errors -= oldest.removeFirst();
        width -= 1 << (rows.size() - 1);
        if (oldest.isEmpty()) {
            rows.removeLast();
        }
    }

    private record Cut(int newer, double olderRate, double newerRate, double evidence) {}

    private Optional<Cut> strongestCut() {
        Cut strongest = null;
        int older = 0;
        int olderErrors = 0;
        for (int row = rows.size() - 1; row >= 0; row--) {
            for (int bucket : rows.get(row)) {
                older += 1 << row;
                olderErrors += bucket;
                if (older >= MIN_LENGTH && width - older >= MIN_LENGTH) {
                    Cut cut = cut(older, olderErrors);
                    if (cut.evidence() > 1 && (strongest == null || cut.evidence() > strongest.evidence())) {
                        strongest = cut;
                    }
                }
            }
        }
        return Optional.ofNullable(strongest);
    }

    private Cut cut(int older, int olderErrors) {
        int newer = width - older;
        double olderRate = (double) olderErrors / older;
        double newerRate = (double) (errors - olderErrors) / newer;
        double rate = errorRate();
        double variance = rate * (1 - rate);
        double m = 1.0 / (older - MIN_LENGTH + 1) + 1.0 / (newer - MIN_LENGTH + 1);
        double d = Math.log(2 * Math.log(width) / delta);
        double epsilon = Math.sqrt(2 * m * variance * d) + 2.0 / 3 * m * d;
        return new Cut(newer, olderRate, newerRate, Math.abs(olderRate - newerRate) / epsilon);
    }
}
