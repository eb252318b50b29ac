package dev.perennial.lora.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code value is name}. */
final class Tests {
    private static final Set<String> NAMES = Set.of(
            "defined",
            "undefined",
            "none",
            "string",
            "mapping",
            "iterable",
            "sequence",
            "number",
            "integer",
            "boolean",
            "true",
            "false",
            "equalto",
            "eq",
            "ne",
            "in",
            "odd",
            "even",
            "divisibleby");

    private Tests() {}

    static void require(String name) {
        if (!NAMES.contains(name)) {
            throw new TemplateException("the test '" + name + "' is not supported");
        }
    }

    static boolean holds(String name, Object value, Arguments arguments, Budget budget) {
        return switch (name) {
            case "equalto", "eq", "==" ->
                Values.equal(value, arguments.only(name, 1, 1).at(0), budget);
            case "ne", "!=" -> !Values.equal(value, arguments.only(name, 1, 1).at(0), budget);
            case "in" -> Values.contains(arguments.only(name, 1, 1).at(0), value, budget);
            case "divisibleby" ->
                Math.floorMod(
                                Values.integer(name, value),
                                Values.integer(name, arguments.only(name, 1, 1).at(0)))
                        == 0;
            default -> {
                arguments.only(name, 0, 0);
                yield is(name, value);
            }
        };
    }

    private static boolean is(String name, Object value) {
        return switch (name) {
            case "defined" -> value != Constant.UNDEFINED;
            case "undefined" -> value == Constant.UNDEFINED;
            case "none" -> value == Constant.NONE;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable", "sequence" ->
                value instanceof String
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value == Constant.UNDEFINED;
            case "number" -> value instanceof Long || value instanceof Boolean;
            case "integer" -> value instanceof Long;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "odd" -> Math.floorMod(Values.integer(name, value), 2) == 1;
            case "even" -> Math.floorMod(Values.integer(name, value), 2) == 0;
            default -> throw new TemplateException("the test '" + name + "' is not supported");
        };
    }
}
