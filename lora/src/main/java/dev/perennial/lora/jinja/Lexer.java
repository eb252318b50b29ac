package dev.perennial.lora.jinja;

import dev.perennial.lora.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A template's tokens, with trim_blocks and lstrip_blocks on and keep_trailing_newline off, as in transformers: the
 * newline after a block is dropped, and so is white space between the start of a line and a block.
 */
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "**", "//", "==", "!=", ">=", "<=", ">", "<", "=", "+", "-", "*", "/", "%", "~", "(", ")", "[", "]", "{",
            "}", "|", ",", ".", ":");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (position < source.length()) {
            int open = nextOpening();
            if (open < 0) {
                add(Kind.TEXT, source.substring(position));
                break;
            }
            text(open);
            char kind = source.charAt(open + 1);
            moveTo(open + (sign(open + 2) == 0 ? 2 : 3));
            switch (kind) {
                case '#' -> comment();
                case '%' -> inside(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
                default -> inside(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
            }
        }
        add(Kind.END, "");
    }

    private int nextOpening() {
        for (int i = source.indexOf('{', position); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private char sign(int at) {
        char c = at < source.length() ? source.charAt(at) : ' ';
        return c == '-' || c == '+' ? c : 0;
    }

    private void text(int open) {
        String text = source.substring(position, open);
        char sign = sign(open + 2);
        if (sign == '-') {
            text = PythonText.rstrip(text);
        } else if (sign != '+' && source.charAt(open + 1) != '{') {
            int lineStart = text.lastIndexOf('\n') + 1;
            if ((lineStart > 0 || lineStarts) && PythonText.isBlank(text.substring(lineStart))) {
                text = text.substring(0, lineStart);
            }
        }
        if (!text.isEmpty()) {
            add(Kind.TEXT, text);
        }
    }

    private void comment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw failure("a comment is not closed");
        }
        boolean strip = end > position && source.charAt(end - 1) == '-';
        boolean keep = end > position && source.charAt(end - 1) == '+';
        moveTo(end + 2);
        afterTag(strip, !keep);
    }

    private void inside(Kind begin, Kind end, String closing) {
        add(begin, "");
        int open = 0; // brackets: what looks like the end may close a dictionary
        while (true) {
            while (position < source.length() && PythonText.isSpace(source.charAt(position))) {
                moveTo(position + 1);
            }
            if (position >= source.length()) {
                throw failure("a tag is not closed");
            }
            char sign = sign(position);
            boolean signed = sign != 0 && !(sign == '+' && end == Kind.VARIABLE_END);
            if (open == 0 && source.startsWith(closing, position + (signed ? 1 : 0))) {
                add(end, "");
                moveTo(position + (signed ? 3 : 2));
                afterTag(sign == '-', end == Kind.BLOCK_END && sign != '+');
                return;
            }
            Token token = next();
            tokens.add(token);
            if (token.kind() == Kind.OPERATOR) {
                open += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
            }
        }
    }

    private void afterTag(boolean strip, boolean trimNewline) {
        if (strip) {
            while (position < source.length() && PythonText.isSpace(source.charAt(position))) {
                moveTo(position + 1);
            }
        } else if (trimNewline && source.startsWith("\n", position)) {
            moveTo(position + 1);
        }
        lineStarts = source.charAt(position - 1) == '\n';
    }

    private Token next() {
        char c = source.charAt(position);
        if (c == '"' || c == '\'') {
            int end = StringLiteral.end(source, position);
            if (end < 0) {
                throw failure("a string is not closed");
            }
            String value = StringLiteral.value(source.substring(position + 1, end), line);
            return token(Kind.STRING, value, end + 1);
        }
        if (c == '_' || Character.isLetter(c)) {
            int end = span(position, d -> d == '_' || Character.isLetterOrDigit(d));
            return token(Kind.NAME, source.substring(position, end), end);
        }
        if (c >= '0' && c <= '9') {
            int end = span(position, d -> d >= '0' && d <= '9');
            if (end < source.length() && "._eExXoObB".indexOf(source.charAt(end)) >= 0) {
                throw failure("numbers other than decimal integers are not supported");
            }
            return token(Kind.INTEGER, source.substring(position, end), end);
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                return token(Kind.OPERATOR, operator, position + operator.length());
            }
        }
        throw failure("the character '" + c + "' has no meaning here");
    }

    private interface Characters {
        boolean include(char c);
    }

    private int span(int start, Characters characters) {
        int end = start;
        while (end < source.length() && characters.include(source.charAt(end))) {
            end++;
        }
        return end;
    }

    private Token token(Kind kind, String text, int end) {
        Token token = new Token(kind, text, line);
        moveTo(end);
        return token;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void moveTo(int target) {
        for (int i = position; i < Math.min(target, source.length()); i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        position = target;
    }

    private TemplateException failure(String what) {
        return new TemplateException("line " + line + " of the template: " + what);
    }
}
