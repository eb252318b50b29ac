package dev.perennial.registry.gateway;

/** Spreads callers over the traffic: a caller keeps its place as long as the salt stays. */
final class Sticky {
    /** Places; a percent is a hundred of them. */
    static final int PLACES = 10_000;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Sticky() {}

    /** From 0 to 9999. A canary with p percent has the places below 100 p, so that a growing share keeps its callers. */
    static int place(String salt, String key) {
        return (int) Long.remainderUnsigned(hash(salt + '\0' + key), PLACES);
    }

    /** FNV-1a over the characters, then the finaliser of SplitMix64, because FNV's low bits alone are uneven. */
    static long hash(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
