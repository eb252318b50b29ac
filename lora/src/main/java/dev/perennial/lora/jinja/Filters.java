package dev.perennial.lora.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

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

    static Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "select", "reject" -> chosen(name, value, arguments, false);
            case "selectattr", "rejectattr" -> chosen(name, value, arguments, true);
            case "join" -> joined(value, arguments.only(name, 0, 1));
            case "default", "d" -> orDefault(value, arguments.only(name, 1, 2));
            case "replace" ->
                Values.text(value)
                        .replace(
                                Values.string(name, arguments.only(name, 2, 2).at(0)),
                                Values.string(name, arguments.at(1)));
            default -> plain(name, value, arguments.only(name, 0, 0));
        };
    }

    private static Object plain(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "trim" -> PythonText.strip(Values.text(value));
            case "length", "count" -> Values.length(name, value);
            case "list" -> Values.elements(name, value);
            case "first" -> Values.item(Values.elements(name, value), 0L);
            case "last" -> Values.item(Values.elements(name, value), -1L);
            case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
            case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
            case "string" -> Values.text(value);
            case "tojson" -> JsonText.of(value);
            default -> Methods.call(value, name, arguments);
        };
    }

    private static String joined(Object value, Arguments arguments) {
        String separator = arguments.size() == 0 ? "" : Values.text(arguments.at(0));
        return Values.elements("join", value).stream().map(Values::text).collect(Collectors.joining(separator));
    }

    private static Object orDefault(Object value, Arguments arguments) {
        boolean alsoFalse = arguments.size() == 2 && Values.isTrue(arguments.at(1));
        boolean absent = value == Constant.UNDEFINED || (alsoFalse && !Values.isTrue(value));
        return absent ? arguments.at(0) : value;
    }

    /** {@code select(test, ...)} and {@code selectattr(attribute, test, ...)}. */
    private static List<Object> chosen(String name, Object value, Arguments arguments, boolean byAttribute) {
        List<Object> given = arguments.only(name, byAttribute ? 1 : 0, 4).positional();
        String attribute = byAttribute ? Values.string(name, given.getFirst()) : "";
        List<Object> rest = byAttribute ? given.subList(1, given.size()) : given;
        String test = rest.isEmpty() ? "" : Values.string(name, rest.getFirst());
        Arguments testArguments =
                rest.isEmpty() ? Arguments.NONE : new Arguments(rest.subList(1, rest.size()), arguments.named());
        List<Object> result = new ArrayList<>();
        for (Object element : Values.elements(name, value)) {
            Object tested = byAttribute ? Values.item(element, attribute) : element;
            boolean holds = test.isEmpty() ? Values.isTrue(tested) : Tests.holds(test, tested, testArguments);
            if (holds == name.startsWith("select")) {
                result.add(element);
            }
        }
        return result;
    }
}
