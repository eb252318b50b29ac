package dev.perennial.lora.jinja;

import dev.perennial.lora.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Jinja's expression grammar, a method a level of precedence, lowest first. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenReader tokens;

    ExpressionParser(TokenReader tokens) {
        this.tokens = tokens;
    }

    Expression expression() {
        tokens.enter();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression then = value;
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression() : _ -> Constant.UNDEFINED;
            value = scope -> Values.isTrue(condition.value(scope)) ? then.value(scope) : otherwise.value(scope);
        }
        tokens.leave();
        return value;
    }

    /** Without {@code a if b else c}. */
    Expression or() {
        Expression value = and();
        while (tokens.skipName("or")) {
            Expression left = value;
            Expression right = and();
            value = scope -> {
                Object first = left.value(scope);
                return Values.isTrue(first) ? first : right.value(scope);
            };
        }
        return value;
    }

    private Expression and() {
        Expression value = not();
        while (tokens.skipName("and")) {
            Expression left = value;
            Expression right = not();
            value = scope -> {
                Object first = left.value(scope);
                return Values.isTrue(first) ? right.value(scope) : first;
            };
        }
        return value;
    }

    private Expression not() {
        if (tokens.skipName("not")) {
            tokens.enter();
            Expression operand = not();
            tokens.leave();
            return scope -> !Values.isTrue(operand.value(scope));
        }
        return comparison();
    }

    /** {@code a < b < c} is {@code a < b and b < c}. */
    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        while (true) {
            if (tokens.sees(Kind.OPERATOR) && COMPARISONS.contains(tokens.peek().text())) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (tokens.seesName("not") && tokens.isFollowedBy(Kind.NAME, "in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            operands.add(sum());
        }
        return operators.isEmpty() ? first : scope -> Operators.compare(scope, first, operators, operands);
    }

    private Expression sum() {
        Expression value = concatenation();
        while (tokens.seesOperator("+") || tokens.seesOperator("-")) {
            value = binary(tokens.next().text(), value, concatenation());
        }
        return value;
    }

    private Expression concatenation() {
        Expression value = product();
        while (tokens.skipOperator("~")) {
            value = binary("~", value, product());
        }
        return value;
    }

    private Expression product() {
        Expression value = unary(true);
        while (tokens.seesOperator("*") || tokens.seesOperator("//") || tokens.seesOperator("%")) {
            value = binary(tokens.next().text(), value, unary(true));
        }
        return value;
    }

    private static Expression binary(String operator, Expression left, Expression right) {
        return scope -> Operators.binary(operator, left.value(scope), right.value(scope), scope.budget());
    }

    private Expression unary(boolean withFilter) {
        tokens.enter();
        Expression value;
        if (tokens.skipOperator("-")) {
            Expression operand = unary(false);
            value = binary("-", constant(0L), operand);
        } else {
            value = primary();
        }
        value = postfix(value);
        while (withFilter) {
            if (tokens.skipOperator("|")) {
                value = filter(value);
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else {
                break;
            }
        }
        tokens.leave();
        return value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> text(token);
            case INTEGER -> constant(number(token));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesised();
                    case "[" -> list();
                    case "{" -> map();
                    default -> throw tokens.failure("'" + token.text() + "' is not supported here");
                };
            default -> throw tokens.failure("an expression is missing");
        };
    }

    private static Expression constant(Object value) {
        return scope -> {
            scope.budget().characters(1);
            return value;
        };
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> constant(true);
            case "false", "False" -> constant(false);
            case "none", "None" -> constant(Constant.NONE);
            default ->
                scope -> {
                    scope.budget().characters(name.length());
                    return scope.get(name);
                };
        };
    }

    /** Neighbouring strings are one. */
    private Expression text(Token first) {
        StringBuilder value = new StringBuilder(first.text());
        while (tokens.sees(Kind.STRING)) {
            value.append(tokens.next().text());
        }
        return constant(value.toString());
    }

    private long number(Token token) {
        try {
            return Long.parseLong(token.text());
        } catch (NumberFormatException e) {
            throw tokens.failure("the number " + token.text() + " is too large");
        }
    }

    private Expression parenthesised() {
        Expression inner = expression();
        if (tokens.seesOperator(",")) {
            throw tokens.failure("tuples are not supported");
        }
        tokens.expectOperator(")");
        return inner;
    }

    private Expression list() {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            elements.add(expression());
            if (!tokens.seesOperator("]")) {
                tokens.expectOperator(",");
            }
        }
        return scope -> {
            scope.budget().objects(elements.size());
            List<Object> values = new ArrayList<>();
            elements.forEach(element -> values.add(element.value(scope)));
            return values;
        };
    }

    private Expression map() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!tokens.skipOperator("}")) {
            Expression key = expression();
            tokens.expectOperator(":");
            entries.put(key, expression());
            if (!tokens.seesOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return scope -> {
            Map<String, Object> values = new LinkedHashMap<>();
            entries.forEach((key, value) -> {
                String name = Values.string("a key", key.value(scope));
                scope.budget().characters(name.length());
                values.put(name, value.value(scope));
            });
            return values;
        };
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            Expression target = value;
            if (tokens.skipOperator(".")) {
                String name = tokens.expect(Kind.NAME).text();
                if (tokens.skipOperator("(")) {
                    CallArguments arguments = arguments();
                    value = scope -> Methods.call(target.value(scope), name, arguments.values(scope), scope.budget());
                } else {
                    value = scope -> Values.item(target.value(scope), name, scope.budget());
                }
            } else if (tokens.skipOperator("[")) {
                value = subscript(target);
            } else if (tokens.skipOperator("(")) {
                CallArguments arguments = arguments();
                int line = tokens.peek().line();
                value = scope -> Operators.call(target.value(scope), arguments.values(scope), line);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression target) {
        Expression none = constant(Constant.NONE);
        Expression start = tokens.seesOperator(":") ? none : expression();
        if (tokens.skipOperator("]")) {
            return scope -> Values.item(target.value(scope), start.value(scope), scope.budget());
        }
        tokens.expectOperator(":");
        Expression stop = tokens.seesOperator(":") || tokens.seesOperator("]") ? none : expression();
        Expression step = tokens.skipOperator(":") && !tokens.seesOperator("]") ? expression() : none;
        tokens.expectOperator("]");
        return scope ->
                Slice.of(target.value(scope), start.value(scope), stop.value(scope), step.value(scope), scope.budget());
    }

    /** What a call is given, not yet computed. */
    private record CallArguments(List<Expression> positional, Map<String, Expression> named) {
        Arguments values(Scope scope) {
            scope.budget().step();
            Map<String, Object> values = new LinkedHashMap<>();
            named.forEach((name, value) -> values.put(name, value.value(scope)));
            return new Arguments(
                    positional.stream().map(value -> value.value(scope)).toList(), values);
        }
    }

    private CallArguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.skipOperator(")")) {
            if (tokens.sees(Kind.NAME) && tokens.isFollowedBy(Kind.OPERATOR, "=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!tokens.seesOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new CallArguments(positional, named);
    }

    private Expression filter(Expression input) {
        String name = tokens.expect(Kind.NAME).text();
        CallArguments arguments = tokens.skipOperator("(") ? arguments() : new CallArguments(List.of(), Map.of());
        Filters.require(name);
        return scope -> Filters.apply(name, input.value(scope), arguments.values(scope), scope.budget());
    }

    private Expression test(Expression input) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Kind.NAME).text();
        CallArguments arguments;
        if (tokens.skipOperator("(")) {
            arguments = arguments();
        } else if (argumentFollows()) {
            arguments = new CallArguments(List.of(postfix(primary())), Map.of());
        } else {
            arguments = new CallArguments(List.of(), Map.of());
        }
        Tests.require(name);
        return scope -> negated != Tests.holds(name, input.value(scope), arguments.values(scope), scope.budget());
    }

    private boolean argumentFollows() {
        return switch (tokens.peek().kind()) {
            case STRING, INTEGER -> true;
            case NAME -> !Set.of("else", "or", "and").contains(tokens.peek().text());
            case OPERATOR -> tokens.seesOperator("[") || tokens.seesOperator("{");
            default -> false;
        };
    }
}
