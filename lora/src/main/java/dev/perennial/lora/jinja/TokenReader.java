package dev.perennial.lora.jinja;

import dev.perennial.lora.jinja.Token.Kind;
import java.util.List;

/** A place in a template's tokens. */
final class TokenReader {
    private static final int MAX_DEPTH = 200;

    private final List<Token> tokens;
    private int position;
    private int depth;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(position);
    }

    boolean sees(Kind kind) {
        return peek().kind() == kind;
    }

    boolean sees(Kind kind, String text) {
        return peek().is(kind, text);
    }

    boolean seesOperator(String text) {
        return sees(Kind.OPERATOR, text);
    }

    boolean seesName(String text) {
        return sees(Kind.NAME, text);
    }

    /** The token after the next one. */
    boolean isFollowedBy(Kind kind, String text) {
        return position + 1 < tokens.size() && tokens.get(position + 1).is(kind, text);
    }

    Token next() {
        Token token = peek();
        if (token.kind() != Kind.END) {
            position++;
        }
        return token;
    }

    boolean skipOperator(String text) {
        boolean seen = seesOperator(text);
        position += seen ? 1 : 0;
        return seen;
    }

    boolean skipName(String text) {
        boolean seen = seesName(text);
        position += seen ? 1 : 0;
        return seen;
    }

    Token expect(Kind kind) {
        if (!sees(kind)) {
            throw failure("'%s' stands where a %s should".formatted(peek().text(), kind));
        }
        return next();
    }

    void expectOperator(String text) {
        if (!skipOperator(text)) {
            throw failure("'%s' stands where '%s' should".formatted(peek().text(), text));
        }
    }

    void expectName(String text) {
        if (!skipName(text)) {
            throw failure("'%s' stands where '%s' should".formatted(peek().text(), text));
        }
    }

    /** Nesting is recursion here: it has a bound. */
    void enter() {
        if (++depth > MAX_DEPTH) {
            throw failure("nesting deeper than " + MAX_DEPTH);
        }
    }

    void leave() {
        depth--;
    }

    TemplateException failure(String what) {
        return new TemplateException("line " + peek().line() + " of the template: " + what);
    }
}
