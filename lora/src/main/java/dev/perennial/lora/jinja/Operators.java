package dev.perennial.lora.jinja;

import java.util.List;

/** Operators of expressions. */
final class Operators {
    private Operators() {}

    static Object binary(String operator, Object a, Object b, Budget budget) {
        budget.step();
        boolean joins = operator.equals("~") || (operator.equals("+") && a instanceof String && b instanceof String);
        if (joins) {
            String left = Values.text(a);
            String right = Values.text(b);
            budget.characters((long) left.length() + right.length());
            return left + right;
        }
        if (operator.equals("+") && a instanceof List<?> && b instanceof List<?>) {
            throw new TemplateException("adding lists is not supported");
        }
        return arithmetic(operator, Values.integer(operator, a), Values.integer(operator, b));
    }

    private static long arithmetic(String operator, long a, long b) {
        try {
            return switch (operator) {
                case "+" -> Math.addExact(a, b);
                case "-" -> Math.subtractExact(a, b);
                case "*" -> Math.multiplyExact(a, b);
                case "//" -> Math.floorDivExact(a, b);
                default -> Math.floorMod(a, b);
            };
        } catch (ArithmeticException e) {
            throw new TemplateException("%d %s %d cannot be computed".formatted(a, operator, b));
        }
    }

    static boolean compare(Scope scope, Expression first, List<String> operators, List<Expression> operands) {
        scope.budget().step();
        Object left = first.value(scope);
        for (int i = 0; i < operators.size(); i++) {
            Object right = operands.get(i).value(scope);
            if (!compare(operators.get(i), left, right, scope.budget())) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static boolean compare(String operator, Object a, Object b, Budget budget) {
        return switch (operator) {
            case "==" -> Values.equal(a, b, budget);
            case "!=" -> !Values.equal(a, b, budget);
            case "in" -> Values.contains(b, a, budget);
            case "not in" -> !Values.contains(b, a, budget);
            case "<" -> Values.compare(operator, a, b, budget) < 0;
            case "<=" -> Values.compare(operator, a, b, budget) <= 0;
            case ">" -> Values.compare(operator, a, b, budget) > 0;
            default -> Values.compare(operator, a, b, budget) >= 0;
        };
    }

    static Object call(Object callee, Arguments arguments, int line) {
        if (callee instanceof Function function) {
            return function.call(arguments);
        }
        throw new TemplateException("line " + line + " of the template calls a function that is not supported");
    }
}
