package dev.perennial.scorer.duplicate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A MinHash signature: for each of 128 hash functions eight bits of the least value that it has over the text's
 * shingles. The share of equal bytes of two signatures estimates the Jaccard similarity of their shingles, with a
 * standard error of at most 0.045. Immutable.
 *
 * <p>Broder, On the resemblance and containment of documents, 1997; Li and König, b-Bit minwise hashing, 2010. The hash
 * functions are x -> m x + o mod 2^32 over well mixed shingle hashes, which the compiler turns into vector instructions.
 * Stored signatures depend on them: they never change.
 */
public final class Signature {
    /** Hash functions, and bytes of a signature. */
    static final int SIZE = 128;

    private static final int WORDS = SIZE / Long.BYTES;
    private static final double CHANCE = 1.0 / 256;
    private static final int[] MULTIPLIERS = constants(0x5ee1_0001L, 1);
    private static final int[] OFFSETS = constants(0x5ee1_0002L, 0);

    private final long[] words;

    private Signature(long[] words) {
        this.words = words;
    }

    public static Signature of(String text) {
        return of(Shingles.ofText(text));
    }

    /** Of a text as {@link dev.perennial.common.text.ContentHash#normalise} gives it. */
    public static Signature ofNormalised(String normalised) {
        return of(Shingles.ofNormalised(normalised));
    }

    private static Signature of(Shingles shingles) {
        int[] least = new int[SIZE];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int s = 0; s < shingles.count(); s++) {
            lower(least, shingles.hash(s));
        }
        long[] words = new long[WORDS];
        for (int i = 0; i < SIZE; i++) {
            words[i >> 3] |= (Shingles.mix(least[i]) & 0xFFL) << (8 * (i & 7));
        }
        return new Signature(words);
    }

    /** Its own method, so that the loop is compiled to vector instructions. */
    private static void lower(int[] least, int shingle) {
        for (int i = 0; i < SIZE; i++) {
            least[i] = Math.min(least[i], MULTIPLIERS[i] * shingle + OFFSETS[i]);
        }
    }

    /** Estimated Jaccard similarity of the two texts' shingles, from 0 to 1, chance matches of eight bits taken out. */
    public double similarity(Signature other) {
        int equal = 0;
        for (int i = 0; i < WORDS; i++) {
            equal += zeroBytes(words[i] ^ other.words[i]);
        }
        return Math.max(0, ((double) equal / SIZE - CHANCE) / (1 - CHANCE));
    }

    private static int zeroBytes(long x) {
        long low = 0x7f7f7f7f7f7f7f7fL;
        return Long.bitCount(~(((x & low) + low) | x | low));
    }

    /** The byte of one hash function. */
    int part(int index) {
        return (int) (words[index >> 3] >>> (8 * (index & 7))) & 0xFF;
    }

    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        bytes.asLongBuffer().put(words);
        return bytes.array();
    }

    /** Reads what {@link #toBytes} wrote. */
    public static Signature fromBytes(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a signature has " + SIZE + " bytes, not " + bytes.length);
        }
        long[] words = new long[WORDS];
        ByteBuffer.wrap(bytes).asLongBuffer().get(words);
        return new Signature(words);
    }

    private static int[] constants(long seed, int lowestBit) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] constants = new int[SIZE];
        for (int i = 0; i < SIZE; i++) {
            constants[i] = random.nextInt() | lowestBit;
        }
        return constants;
    }
}
