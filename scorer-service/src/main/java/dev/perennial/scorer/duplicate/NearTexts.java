package dev.perennial.scorer.duplicate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds signatures at or above a similarity threshold by locality-sensitive hashing. About 30 MB for 100,000 texts. Not
 * thread-safe.
 */
final class NearTexts {
    private static final int NONE = -1;

    private final double threshold;
    private final Bands bands;
    private final List<Signature> signatures = new ArrayList<>();
    /** First entry of each bucket. An entry is {@code text * bands + band}. */
    private int[] heads = empty(1 << 12);
    /** The next entry of the same bucket. */
    private int[] next = new int[1 << 12];

    NearTexts(double threshold) {
        this.threshold = threshold;
        this.bands = Bands.forThreshold(threshold);
    }

    private static int[] empty(int size) {
        int[] heads = new int[size];
        Arrays.fill(heads, NONE);
        return heads;
    }

    /**
     * The similarity of the first text found at or above the threshold, else that of the most similar one that was met
     * on the way, 0 if none.
     */
    double similarity(Signature signature) {
        double most = 0;
        for (int band = 0; band < bands.bands() && most < threshold; band++) {
            int entry = heads[bucket(signature, band)];
            while (entry != NONE && most < threshold) {
                if (entry % bands.bands() == band) {
                    Signature other = signatures.get(entry / bands.bands());
                    if (bands.meet(signature, other, band)) {
                        most = Math.max(most, signature.similarity(other));
                    }
                }
                entry = next[entry];
            }
        }
        return most;
    }

    void add(Signature signature) {
        int text = signatures.size();
        signatures.add(signature);
        int entries = signatures.size() * bands.bands();
        if (entries > next.length) {
            next = Arrays.copyOf(next, Math.max(entries, next.length * 2));
        }
        if (entries > heads.length) {
            heads = empty(heads.length * 2);
            for (int each = 0; each < text; each++) {
                link(each);
            }
        }
        link(text);
    }

    private void link(int text) {
        for (int band = 0; band < bands.bands(); band++) {
            int entry = text * bands.bands() + band;
            int bucket = bucket(signatures.get(text), band);
            next[entry] = heads[bucket];
            heads[bucket] = entry;
        }
    }

    private int bucket(Signature signature, int band) {
        return bands.key(signature, band) & (heads.length - 1);
    }
}
