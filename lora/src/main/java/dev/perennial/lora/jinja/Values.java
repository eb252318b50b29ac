package dev.perennial.lora.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What Python does with the values of a template. A value is a String, Long, Boolean, {@link Constant}, List, Map (keys
 * are strings), {@link Namespace} or {@link Function}.
 */
final class Values {
    private Values() {}

    /** The mutable object of {@code namespace()}. */
    record Namespace(Map<String, Object> attributes) {}

    static boolean isTrue(Object value) {
        return switch (value) {
            case Boolean b -> b;
            case Long number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Constant _ -> false;
            default -> true;
        };
    }

    /** What {@code {{ value }}} prints. */
    static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> number.toString();
            case Boolean b -> b ? "True" : "False";
            case Constant constant -> constant == Constant.NONE ? "None" : "";
            default -> throw new TemplateException("the template prints a " + kind(value) + " without tojson");
        };
    }

    static String string(String user, Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new TemplateException(user + " needs a string, not a " + kind(value));
    }

    static long integer(String user, Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean b -> b ? 1 : 0;
            default -> throw new TemplateException(user + " needs an integer, not a " + kind(value));
        };
    }

    static String kind(Object value) {
        return switch (value) {
            case String _ -> "string";
            case Long _ -> "number";
            case Boolean _ -> "boolean";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "mapping";
            case Constant constant -> constant == Constant.NONE ? "none" : "value that is not defined";
            default -> "object";
        };
    }

    /** In Python True is 1. */
    static boolean equal(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return integer("==", a) == integer("==", b);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return x.size() == y.size() && IntStream.range(0, x.size()).allMatch(i -> equal(x.get(i), y.get(i)));
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.keySet().equals(y.keySet())
                    && x.entrySet().stream()
                            .allMatch(entry -> equal(entry.getValue(), Objects.requireNonNull(y.get(entry.getKey()))));
        }
        return a.equals(b);
    }

    private static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static int compare(String operator, Object a, Object b) {
        if (a instanceof String x && b instanceof String y) {
            return Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
        }
        return Long.compare(integer(operator, a), integer(operator, b));
    }

    static boolean contains(Object container, Object value) {
        return switch (container) {
            case String text -> text.contains(string("in", value));
            case List<?> list -> list.stream().anyMatch(element -> equal(element, value));
            case Map<?, ?> map -> map.containsKey(value);
            case Constant constant when constant == Constant.UNDEFINED -> false;
            default -> throw new TemplateException("'in' looks into a " + kind(container));
        };
    }

    static List<Object> elements(String user, Object value) {
        return switch (value) {
            case List<?> list -> new ArrayList<>(list);
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case String text ->
                text.codePoints().<Object>mapToObj(Character::toString).toList();
            case Constant constant when constant == Constant.UNDEFINED -> List.of();
            default -> throw new TemplateException(user + " goes through a " + kind(value));
        };
    }

    static long length(String user, Object value) {
        return value instanceof String text
                ? text.codePointCount(0, text.length())
                : elements(user, value).size();
    }

    /** {@code value.name}. */
    static Object attribute(Object value, String name) {
        return switch (value) {
            case Map<?, ?> map -> orUndefined(map.get(name));
            case Namespace namespace -> orUndefined(namespace.attributes().get(name));
            case Constant constant
            when constant == Constant.UNDEFINED ->
                throw new TemplateException("the template asks what is not defined for its '" + name + "'");
            default -> Constant.UNDEFINED;
        };
    }

    /** {@code value[key]}. */
    static Object item(Object value, Object key) {
        if (key instanceof Long index && (value instanceof List<?> || value instanceof String)) {
            List<Object> elements = elements("[]", value);
            long at = index < 0 ? index + elements.size() : index;
            return at >= 0 && at < elements.size() ? elements.get((int) at) : Constant.UNDEFINED;
        }
        if (key instanceof String name) {
            return attribute(value, name);
        }
        throw new TemplateException("a " + kind(value) + " has no element by a " + kind(key));
    }

    private static Object orUndefined(@Nullable Object value) {
        return value == null ? Constant.UNDEFINED : value;
    }
}
