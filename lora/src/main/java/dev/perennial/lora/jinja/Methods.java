package dev.perennial.lora.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of Python's strings and dictionaries that templates use. */
final class Methods {
    private Methods() {}

    static Object call(Object value, String name, Arguments arguments) {
        return switch (value) {
            case String text -> ofText(text, name, arguments);
            case Map<?, ?> map when !map.containsKey(name) || isOfMaps(name) -> ofMap(map, name, arguments);
            default -> throw unsupported(value, name);
        };
    }

    private static boolean isOfMaps(String name) {
        return name.equals("items") || name.equals("keys") || name.equals("values") || name.equals("get");
    }

    private static Object ofText(String text, String name, Arguments arguments) {
        return switch (name) {
            case "strip", "lstrip", "rstrip" -> stripped(text, name, arguments.only(name, 0, 1));
            case "startswith" -> text.startsWith(arguments.text(name));
            case "endswith" -> text.endsWith(arguments.text(name));
            case "upper", "lower" -> recased(text, name, arguments.only(name, 0, 0));
            case "split" -> split(text, arguments.text(name));
            case "replace" ->
                text.replace(
                        Values.string(name, arguments.only(name, 2, 2).at(0)), Values.string(name, arguments.at(1)));
            default -> throw unsupported(text, name);
        };
    }

    private static String recased(String text, String name, Arguments arguments) {
        return Values.string(name, Filters.apply(name, text, arguments));
    }

    private static List<Object> split(String text, String separator) {
        if (separator.isEmpty()) {
            throw new TemplateException("split() needs a separator that is not empty");
        }
        return PythonText.split(text, separator);
    }

    private static String stripped(String text, String name, Arguments arguments) {
        boolean left = !name.equals("rstrip");
        boolean right = !name.equals("lstrip");
        if (arguments.size() == 0) {
            String start = left ? PythonText.lstrip(text) : text;
            return right ? PythonText.rstrip(start) : start;
        }
        String characters = arguments.text(name);
        String start = left ? PythonText.lstrip(text, characters) : text;
        return right ? PythonText.rstrip(start, characters) : start;
    }

    private static Object ofMap(Map<?, ?> map, String name, Arguments arguments) {
        return switch (name) {
            case "items" -> {
                arguments.only(name, 0, 0);
                List<Object> pairs = new ArrayList<>();
                map.forEach((key, value) -> pairs.add(List.of(key, value)));
                yield pairs;
            }
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            case "get" -> {
                Object found = map.get(arguments.only(name, 1, 2).at(0));
                yield found != null ? found : arguments.size() == 2 ? arguments.at(1) : Constant.NONE;
            }
            default -> throw unsupported(map, name);
        };
    }

    private static TemplateException unsupported(Object value, String name) {
        return new TemplateException("%s() of a %s is not supported".formatted(name, Values.kind(value)));
    }
}
