package dev.perennial.scorer.duplicate;

import dev.perennial.common.text.ContentHash;
import java.util.Arrays;

/**
 * A text as a bag of hashed word pairs. Pairs keep word order in view and still overlap in a short utterance, where
 * triples of two similar utterances have hardly one in common. Scripts without spaces count each character as a word.
 */
final class Shingles {
    private static final int FNV_PRIME = 0x01000193;
    private static final int FNV_BASIS = 0x811c9dc5;

    private int[] hashes = new int[256];
    private int count;

    private Shingles() {}

    /** Of the normalised text: case, punctuation and white space make no difference. */
    static Shingles ofText(String text) {
        return ofNormalised(ContentHash.normalise(text));
    }

    static Shingles ofNormalised(String normalised) {
        Shingles shingles = new Shingles();
        Pairs pairs = shingles.new Pairs();
        int i = 0;
        while (i < normalised.length()) {
            int codePoint = normalised.codePointAt(i);
            i += Character.charCount(codePoint);
            if (codePoint == ' ') {
                pairs.endWord();
            } else if (isWordOfItsOwn(codePoint)) {
                pairs.endWord();
                pairs.add(codePoint);
                pairs.endWord();
            } else {
                pairs.add(codePoint);
            }
        }
        pairs.endText();
        return shingles;
    }

    int count() {
        return count;
    }

    int hash(int index) {
        return hashes[index];
    }

    private static boolean isWordOfItsOwn(int codePoint) {
        if (codePoint < 0x0E00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    private void push(int hash) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count++] = mix(hash);
    }

    /** The finaliser of MurmurHash3: every input bit changes every output bit with probability one half. */
    static int mix(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    /** Turns code points into words and words into pairs. */
    private final class Pairs {
        private int word = FNV_BASIS;
        private boolean inWord;
        private int previous;
        private int words;

        void add(int codePoint) {
            word = (word ^ codePoint) * FNV_PRIME;
            inWord = true;
        }

        void endWord() {
            if (!inWord) {
                return;
            }
            int hash = mix(word);
            if (words++ > 0) {
                push(previous * 31 + hash);
            }
            previous = hash;
            word = FNV_BASIS;
            inWord = false;
        }

        /** A text of one word has that word as its only shingle, and an empty one has none. */
        void endText() {
            endWord();
            if (words == 1) {
                push(previous);
            }
        }
    }
}
