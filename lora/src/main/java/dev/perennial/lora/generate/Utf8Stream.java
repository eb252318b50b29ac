package dev.perennial.lora.generate;

/**
 * Bytes to text as they arrive; the beginning of a character waits for its end. What can never become a character is
 * U+FFFD, one for each longest beginning of a character (Unicode 16, section 3.9, as Python and tokenizers do; Java's own
 * decoder counts otherwise). For one thread at a time.
 */
public final class Utf8Stream {
    private static final int REPLACEMENT = 0xfffd;

    private int codePoint;
    private int missing;
    /** Bounds of the next byte: narrower after some first bytes, against overlong forms, surrogates and beyond. */
    private int lowest = 0x80;

    private int highest = 0xbf;

    /** The text that is complete with these bytes. */
    public String append(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            accept(b & 0xff, text);
        }
        return text.toString();
    }

    /** What is left when no more bytes come: a character cut short is U+FFFD. */
    public String end() {
        String rest = missing > 0 ? Character.toString(REPLACEMENT) : "";
        missing = 0;
        return rest;
    }

    private void accept(int b, StringBuilder text) {
        if (missing > 0 && b >= lowest && b <= highest) {
            codePoint = codePoint << 6 | (b & 0x3f);
            expect(missing - 1, 0x80, 0xbf);
            if (missing == 0) {
                text.appendCodePoint(codePoint);
            }
            return;
        }
        text.append(end());
        begin(b, text);
    }

    private void begin(int b, StringBuilder text) {
        if (b < 0x80) {
            text.append((char) b);
        } else if (b < 0xc2 || b > 0xf4) {
            text.appendCodePoint(REPLACEMENT);
        } else if (b < 0xe0) {
            codePoint = b & 0x1f;
            expect(1, 0x80, 0xbf);
        } else if (b < 0xf0) {
            codePoint = b & 0xf;
            expect(2, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf);
        } else {
            codePoint = b & 7;
            expect(3, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf);
        }
    }

    private void expect(int count, int lowestByte, int highestByte) {
        missing = count;
        lowest = lowestByte;
        highest = highestByte;
    }
}
