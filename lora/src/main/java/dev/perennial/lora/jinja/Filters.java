package dev.perennial.lora.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/** {@code value | name}. */
final class Filters {
    private static final Set<String> NAMES = Set.of(
            "trim",
            "length",
            "count",
            "list",
            "first",
            "last",
            "upper",
            "lower",
            "string",
            "join",
            "default",
            "d",
            "tojson",
            "items",
            "select",
            "reject",
            "selectattr",
            "rejectattr",
            "replace");

    private Filters() {}

    static void require(String name) {
        if (!NAMES.contains(name)) {
            throw new TemplateException("the filter '" + name + "' is not supported");
        }
    }

    static Object apply(String name, Object value, Arguments arguments, Budget budget) {
        return switch (name) {
            case "select", "reject" -> chosen(name, value, arguments, budget);
            case "selectattr", "rejectattr" -> chosenByAttribute(name, value, arguments, budget);
            case "join" -> joined(value, arguments.only(name, 0, 1), budget);
            case "default", "d" -> orDefault(value, arguments.only(name, 1, 2));
            case "replace" -> Methods.replaced(Values.text(value), arguments.only(name, 2, 2), budget);
            default -> plain(name, value, arguments.only(name, 0, 0), budget);
        };
    }

    private static Object plain(String name, Object value, Arguments arguments, Budget budget) {
        return switch (name) {
            case "trim" -> PythonText.strip(text(value, budget));
            case "length", "count" -> Values.length(name, value, budget);
            case "list" -> Values.elements(name, value, budget);
            case "first" -> Values.item(sequence(name, value, budget), 0L, budget);
            case "last" -> Values.item(sequence(name, value, budget), -1L, budget);
            case "upper" -> text(value, budget).toUpperCase(Locale.ROOT);
            case "lower" -> text(value, budget).toLowerCase(Locale.ROOT);
            case "string" -> Values.text(value);
            case "tojson" -> JsonText.of(value, budget);
            default -> Methods.call(value, name, arguments, budget);
        };
    }

    private static String text(Object value, Budget budget) {
        String text = Values.text(value);
        budget.characters(text.length());
        return text;
    }

    private static Object sequence(String name, Object value, Budget budget) {
        return value instanceof String ? value : Values.elements(name, value, budget);
    }

    private static String joined(Object value, Arguments arguments, Budget budget) {
        String separator = arguments.size() == 0 ? "" : Values.text(arguments.at(0));
        StringJoiner joined = new StringJoiner(separator);
        for (Object element : Values.elements("join", value, budget)) {
            budget.characters(separator.length());
            joined.add(text(element, budget));
        }
        return joined.toString();
    }

    private static Object orDefault(Object value, Arguments arguments) {
        boolean alsoFalse = arguments.size() == 2 && Values.isTrue(arguments.at(1));
        boolean absent = value == Constant.UNDEFINED || (alsoFalse && !Values.isTrue(value));
        return absent ? arguments.at(0) : value;
    }

    /** {@code select(test, ...)}. */
    private static List<Object> chosen(String name, Object value, Arguments arguments, Budget budget) {
        List<Object> given = arguments.only(name, 0, 4).positional();
        return chosen(name, Values.elements(name, value, budget), element -> element, given, budget);
    }

    /** {@code selectattr(attribute, test, ...)}; the attribute may be a path: {@code a.b.0}. */
    private static List<Object> chosenByAttribute(String name, Object value, Arguments arguments, Budget budget) {
        List<Object> given = arguments.only(name, 1, 4).positional();
        String path = Values.string(name, given.getFirst());
        budget.objects(PythonText.count(path, "."));
        List<Object> keys =
                PythonText.split(path, ".").stream().map(Filters::key).toList();
        return chosen(
                name,
                Values.elements(name, value, budget),
                element -> {
                    Object found = element;
                    for (Object key : keys) {
                        found = Values.item(found, key, budget);
                    }
                    return found;
                },
                given.subList(1, given.size()),
                budget);
    }

    private static Object key(Object part) {
        return part instanceof String text && text.matches("[0-9]{1,9}") ? (Object) Long.valueOf(text) : part;
    }

    private static List<Object> chosen(
            String name, List<Object> elements, UnaryOperator<Object> tested, List<Object> given, Budget budget) {
        String test = given.isEmpty() ? "" : Values.string(name, given.getFirst());
        Arguments rest = given.isEmpty() ? Arguments.NONE : new Arguments(given.subList(1, given.size()), Map.of());
        List<Object> result = new ArrayList<>();
        for (Object element : elements) {
            Object value = tested.apply(element);
            boolean holds = test.isEmpty() ? Values.isTrue(value) : Tests.holds(test, value, rest, budget);
            if (holds == name.startsWith("select")) {
                result.add(element);
            }
        }
        return result;
    }
}
