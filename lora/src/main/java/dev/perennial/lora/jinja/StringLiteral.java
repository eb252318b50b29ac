package dev.perennial.lora.jinja;

/** The escapes of a string in a template: those of Python. */
final class StringLiteral {
    private StringLiteral() {}

    /** Where the quote that opens at {@code start} closes, or -1. */
    static int end(String source, int start) {
        char quote = source.charAt(start);
        for (int i = start + 1; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == quote) {
                return i;
            }
            i += c == '\\' ? 1 : 0;
        }
        return -1;
    }

    static String value(String raw, int line) {
        StringBuilder value = new StringBuilder();
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escape = raw.charAt(i++);
            switch (escape) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'f' -> value.append('\f');
                case 'b' -> value.append('\b');
                case '\n' -> {} // a line continued
                case '\\', '\'', '"' -> value.append(escape);
                case 'x', 'u', 'U' -> {
                    int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
                    value.appendCodePoint(hexadecimal(raw, i, digits, line));
                    i += digits;
                }
                default -> throw unsupported(escape, line);
            }
        }
        return value.toString();
    }

    private static int hexadecimal(String raw, int start, int digits, int line) {
        try {
            int codePoint = Integer.parseInt(raw, start, start + digits, 16);
            if (Character.isValidCodePoint(codePoint) && raw.charAt(start) != '+') {
                return codePoint;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw unsupported(raw.charAt(start - 1), line);
        }
        throw unsupported(raw.charAt(start - 1), line);
    }

    private static TemplateException unsupported(char escape, int line) {
        return new TemplateException(
                "line %d of the template: the escape \\%s is not supported".formatted(line, escape));
    }
}
