package dev.perennial.scorer.duplicate;

import java.util.HashSet;
import java.util.Set;

/**
 * The accepted texts of one model. A real sample is a duplicate of real ones only, so that what a generator wrote never
 * keeps out what a person wrote; a synthetic one is a duplicate of either. Not thread-safe.
 */
public final class AcceptedTexts {
    /** Texts compared with each other; two such groups, because real samples look at real ones only. */
    private static final class Group {
        private final Set<Long> hashes = new HashSet<>();
        private final NearTexts near;

        Group(double threshold) {
            near = new NearTexts(threshold);
        }
    }

    private static final double OFF = 1;

    private final double threshold;
    private final Group real;
    private final Group synthetic;

    /**
     * Nothing accepted yet.
     *
     * @param near estimated similarity from which two texts are near duplicates; 1 turns the check off
     */
    public AcceptedTexts(double near) {
        this.threshold = near;
        this.real = new Group(near);
        this.synthetic = new Group(near);
    }

    /** The threshold that this index was made for. */
    public double threshold() {
        return threshold;
    }

    /** Whether a text with this {@link dev.perennial.common.text.ContentHash} was accepted. */
    public boolean contains(String contentHash, boolean isReal) {
        long key = key(contentHash);
        return real.hashes.contains(key) || (!isReal && synthetic.hashes.contains(key));
    }

    /** Similarity of a near duplicate, or of the nearest text that was met on the way to finding none. */
    public double similarity(Signature signature, boolean isReal) {
        if (threshold >= OFF) {
            return 0;
        }
        double similarity = real.near.similarity(signature);
        return isReal || similarity >= threshold
                ? similarity
                : Math.max(similarity, synthetic.near.similarity(signature));
    }

    public void add(String contentHash, Signature signature, boolean isReal) {
        Group group = isReal ? real : synthetic;
        group.hashes.add(key(contentHash));
        if (threshold < OFF) {
            group.near.add(signature);
        }
    }

    /** 64 of 256 bits: a million texts collide by chance once in 37 million such sets. */
    private static long key(String contentHash) {
        return Long.parseUnsignedLong(contentHash, 0, 16, 16);
    }
}
