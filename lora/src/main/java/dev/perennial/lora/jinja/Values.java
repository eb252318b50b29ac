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
    @SuppressWarnings("ReferenceEquality") // of a namespace, as in Python
    static boolean equal(Object a, Object b, Budget budget) {
        budget.objects(1);
        if (isNumber(a) && isNumber(b)) {
            return integer("==", a) == integer("==", b);
        }
        if (a instanceof String x && b instanceof String y) {
            budget.characters(Math.min(x.length(), y.length()));
            return x.equals(y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return x.size() == y.size()
                    && IntStream.range(0, x.size()).allMatch(i -> equal(x.get(i), y.get(i), budget));
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size() && x.keySet().stream().allMatch(key -> equalUnder(key, x, y, budget));
        }
        return a == b;
    }

    private static boolean equalUnder(Object key, Map<?, ?> x, Map<?, ?> y, Budget budget) {
        Object other = lookup(y, key, budget);
        return other != null && equal(Objects.requireNonNull(x.get(key)), other, budget);
    }

    private static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static int compare(String operator, Object a, Object b, Budget budget) {
        if (a instanceof String x && b instanceof String y) {
            budget.characters(Integer.BYTES * ((long) x.length() + y.length()));
            return Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
        }
        return Long.compare(integer(operator, a), integer(operator, b));
    }

    static boolean contains(Object container, Object value, Budget budget) {
        return switch (container) {
            case String text -> {
                String wanted = string("in", value);
                budget.search(text, wanted);
                yield text.contains(wanted);
            }
            case List<?> list -> list.stream().anyMatch(element -> equal(element, value, budget));
            case Map<?, ?> map -> lookup(map, value, budget) != null;
            case Constant constant when constant == Constant.UNDEFINED -> false;
            default -> throw new TemplateException("'in' looks into a " + kind(container));
        };
    }

    static List<Object> elements(String user, Object value, Budget budget) {
        return switch (value) {
            case List<?> list -> {
                budget.characters(list.size());
                yield new ArrayList<>(list);
            }
            case Map<?, ?> map -> {
                budget.characters(map.size());
                yield new ArrayList<>(map.keySet());
            }
            case String text -> {
                budget.objects(text.length());
                yield text.codePoints().<Object>mapToObj(Character::toString).toList();
            }
            case Constant constant when constant == Constant.UNDEFINED -> List.of();
            default -> throw new TemplateException(user + " goes through a " + kind(value));
        };
    }

    static long length(String user, Object value, Budget budget) {
        if (value instanceof String text) {
            budget.characters(text.length());
            return text.codePointCount(0, text.length());
        }
        return elements(user, value, budget).size();
    }

    /** What a mapping has under a key; null if nothing. */
    static @Nullable Object lookup(Map<?, ?> map, Object key, Budget budget) {
        if (key instanceof List<?> || key instanceof Map<?, ?>) {
            throw new TemplateException("a " + kind(key) + " is no key");
        }
        if (key instanceof String name) {
            budget.characters(name.length());
            return map.get(name);
        }
        return null;
    }

    /** {@code value.name} and {@code value["name"]}. */
    private static Object attribute(Object value, String name, Budget budget) {
        return switch (value) {
            case Map<?, ?> map -> orUndefined(lookup(map, name, budget));
            case Namespace namespace -> orUndefined(lookup(namespace.attributes(), name, budget));
            case Constant constant
            when constant == Constant.UNDEFINED ->
                throw new TemplateException("the template asks what is not defined for its '" + name + "'");
            default -> Constant.UNDEFINED;
        };
    }

    /** {@code value[key]}. */
    static Object item(Object value, Object key, Budget budget) {
        return switch (key) {
            case String name -> attribute(value, name, budget);
            case Long index
            when value instanceof List<?> list -> {
                long at = fromStart(index, list.size());
                yield at >= 0 && at < list.size() ? list.get((int) at) : Constant.UNDEFINED;
            }
            case Long index
            when value instanceof String text -> {
                long length = length("[]", text, budget);
                long at = fromStart(index, length);
                yield at >= 0 && at < length
                        ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
                        : Constant.UNDEFINED;
            }
            default -> throw new TemplateException("a " + kind(value) + " has no element by a " + kind(key));
        };
    }

    private static long fromStart(long index, long size) {
        return index < 0 ? index + size : index;
    }

    private static Object orUndefined(@Nullable Object value) {
        return value == null ? Constant.UNDEFINED : value;
    }
}
