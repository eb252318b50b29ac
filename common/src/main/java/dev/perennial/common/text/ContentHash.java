package dev.perennial.common.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a text for duplicate and leak checks: two texts that differ only in case, white space, punctuation or
 * Unicode form have one hash.
 */
public final class ContentHash {
    private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private ContentHash() {}

    /** The lower-case letters and digits of the NFKC form, runs of anything else as one space, trimmed. */
    public static String normalise(String text) {
        String ascii = normaliseAscii(text);
        if (ascii != null) {
            return ascii;
        }
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return NOT_WORD.matcher(folded).replaceAll(" ").strip();
    }

    /** The same, ten times as fast, for a text of ASCII characters only; null for another. */
    private static @Nullable String normaliseAscii(String text) {
        char[] normalised = new char[text.length()];
        int length = 0;
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                return null;
            }
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
                if (gap && length > 0) {
                    normalised[length++] = ' ';
                }
                gap = false;
                normalised[length++] = c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
            } else {
                gap = true;
            }
        }
        return new String(normalised, 0, length);
    }

    /** SHA-256 of {@link #normalise}, as 64 hex digits. A text without a letter or digit is hashed as it stands. */
    public static String of(String text) {
        return ofNormalised(text, normalise(text));
    }

    /** The same for a caller that has the normalised form already. */
    public static String ofNormalised(String text, String normalised) {
        return sha256(normalised.isEmpty() ? text : normalised);
    }

    /** SHA-256 of the UTF-8 bytes, as 64 hex digits. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
