package dev.perennial.lora;

/** Independent seeds from one: SplitMix64's finaliser (Steele et al., OOPSLA 2014) over the parts in turn. */
public final class Seeds {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** A seed for what {@code parts} name. */
    public static long mix(long seed, long... parts) {
        long state = scramble(seed + GOLDEN);
        for (long part : parts) {
            state = scramble(state + GOLDEN * (part + 1));
        }
        return state;
    }

    private static long scramble(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The {@code index}-th number of the stream that starts at {@code state}. */
    static long at(long state, long index) {
        return scramble(state + GOLDEN * index);
    }
}
