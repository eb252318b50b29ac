package dev.perennial.lora.jinja;

import dev.perennial.lora.jinja.Statement.Flow;
import dev.perennial.lora.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The blocks of a template. */
final class StatementParser {
    private final TokenReader tokens;
    private final ExpressionParser expressions;
    private int loops;

    StatementParser(TokenReader tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    List<Statement> template() {
        List<Statement> statements = until(Set.of());
        tokens.expect(Kind.END);
        return statements;
    }

    /** Statements up to a block that begins with one of {@code ends}; that name is next. */
    private List<Statement> until(Set<String> ends) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (!tokens.sees(Kind.END)) {
            if (tokens.sees(Kind.TEXT)) {
                String text = tokens.next().text();
                statements.add((scope, out) -> write(scope, out, text));
            } else if (tokens.sees(Kind.VARIABLE_BEGIN)) {
                tokens.next();
                Expression value = expressions.expression();
                tokens.expect(Kind.VARIABLE_END);
                statements.add((scope, out) -> write(scope, out, Values.text(value.value(scope))));
            } else {
                tokens.expect(Kind.BLOCK_BEGIN);
                if (ends.contains(tokens.peek().text())) {
                    break;
                }
                statements.add(block());
            }
        }
        tokens.leave();
        return statements;
    }

    private static Flow write(Scope scope, StringBuilder out, String text) {
        scope.budget().step();
        scope.budget().characters(text.length());
        out.append(text);
        return Flow.NEXT;
    }

    private Statement block() {
        String name = tokens.expect(Kind.NAME).text();
        return switch (name) {
            case "if" -> condition();
            case "for" -> loop();
            case "set" -> assignment();
            case "generation" -> generation();
            case "break" -> leaveLoop(name, Flow.BREAK);
            case "continue" -> leaveLoop(name, Flow.CONTINUE);
            default -> throw tokens.failure("the block '" + name + "' is not supported");
        };
    }

    private Statement leaveLoop(String name, Flow flow) {
        if (loops == 0) {
            throw tokens.failure(name + " stands outside a loop");
        }
        tokens.expect(Kind.BLOCK_END);
        return (_, _) -> flow;
    }

    private Statement condition() {
        Expression test = expressions.or();
        tokens.expect(Kind.BLOCK_END);
        List<Statement> then = until(Set.of("elif", "else", "endif"));
        List<Statement> otherwise;
        if (tokens.skipName("elif")) {
            tokens.enter();
            otherwise = List.of(condition());
            tokens.leave();
        } else {
            otherwise = alternative("endif");
        }
        return (scope, out) -> Statement.all(Values.isTrue(test.value(scope)) ? then : otherwise, scope, out);
    }

    /** An optional else up to and with the end of the block. */
    private List<Statement> alternative(String end) {
        List<Statement> statements = List.of();
        if (tokens.skipName("else")) {
            tokens.expect(Kind.BLOCK_END);
            statements = until(Set.of(end));
        }
        tokens.expectName(end);
        tokens.expect(Kind.BLOCK_END);
        return statements;
    }

    private Statement loop() {
        List<String> targets = new ArrayList<>();
        do {
            targets.add(tokens.expect(Kind.NAME).text());
        } while (tokens.skipOperator(","));
        tokens.expectName("in");
        Expression over = expressions.or();
        List<Expression> filters = tokens.skipName("if") ? List.of(expressions.expression()) : List.of();
        tokens.expect(Kind.BLOCK_END);
        loops++;
        List<Statement> body = until(Set.of("else", "endfor"));
        loops--;
        return new Loop(List.copyOf(targets), over, filters, body, alternative("endfor"));
    }

    private Statement assignment() {
        String name = tokens.expect(Kind.NAME).text();
        if (tokens.skipOperator(".")) {
            String attribute = tokens.expect(Kind.NAME).text();
            Expression value = assigned();
            return (scope, _) -> {
                if (!(scope.get(name) instanceof Values.Namespace namespace)) {
                    throw new TemplateException("'" + name + "' is no namespace and cannot be changed");
                }
                namespace.attributes().put(attribute, value.value(scope));
                return Flow.NEXT;
            };
        }
        if (tokens.sees(Kind.BLOCK_END)) {
            return captured(name);
        }
        Expression value = assigned();
        return (scope, _) -> {
            scope.set(name, value.value(scope));
            return Flow.NEXT;
        };
    }

    private Expression assigned() {
        tokens.expectOperator("=");
        Expression value = expressions.expression();
        tokens.expect(Kind.BLOCK_END);
        return value;
    }

    private Statement captured(String name) {
        tokens.expect(Kind.BLOCK_END);
        List<Statement> body = inBlock("endset");
        return (scope, _) -> {
            StringBuilder text = new StringBuilder();
            Statement.all(body, scope.inner(), text);
            scope.set(name, text.toString());
            return Flow.NEXT;
        };
    }

    /** Marks an assistant's words, which changes nothing in the prompt. */
    private Statement generation() {
        tokens.expect(Kind.BLOCK_END);
        List<Statement> body = inBlock("endgeneration");
        return (scope, out) -> Statement.all(body, scope.inner(), out);
    }

    /** A break inside cannot leave the block: it is a function of its own in the reference. */
    private List<Statement> inBlock(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = until(Set.of(end));
        loops = outer;
        tokens.expectName(end);
        tokens.expect(Kind.BLOCK_END);
        return body;
    }
}
