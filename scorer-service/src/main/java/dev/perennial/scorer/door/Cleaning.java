package dev.perennial.scorer.door;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * Makes texts from many hands alike without changing what they say: one Unicode form, no invisible control and format
 * characters, single spaces. Case, punctuation and emoji stay: they are how people write.
 */
final class Cleaning {
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Z}]+");
    /** Control and format characters but for the joiners that emoji and some scripts need. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}&&[^\\s\\u200C\\u200D]]+");

    private Cleaning() {}

    static String clean(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        String visible = INVISIBLE.matcher(composed).replaceAll("");
        return WHITE_SPACE.matcher(visible).replaceAll(" ").strip();
    }
}
