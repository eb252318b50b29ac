package dev.perennial.lora.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of Python's strings and dictionaries that templates use. */
final class Methods {
    private Methods() {}

    static Object call(Object value, String name, Arguments arguments, Budget budget) {
        return switch (value) {
            case String text -> ofText(text, name, arguments, budget);
            case Map<?, ?> map when !map.containsKey(name) || isOfMaps(name) -> ofMap(map, name, arguments, budget);
            default -> throw unsupported(value, name);
        };
    }

    private static boolean isOfMaps(String name) {
        return name.equals("items") || name.equals("keys") || name.equals("values") || name.equals("get");
    }

    private static Object ofText(String text, String name, Arguments arguments, Budget budget) {
        return switch (name) {
            case "strip", "lstrip", "rstrip" -> stripped(text, name, arguments.only(name, 0, 1), budget);
            case "startswith" -> text.startsWith(counted(arguments.text(name), budget));
            case "endswith" -> text.endsWith(counted(arguments.text(name), budget));
            case "upper", "lower" -> recased(text, name, arguments.only(name, 0, 0), budget);
            case "split" -> split(text, arguments.text(name), budget);
            case "replace" -> replaced(text, arguments.only(name, 2, 2), budget);
            default -> throw unsupported(text, name);
        };
    }

    private static String counted(String text, Budget budget) {
        budget.characters(text.length());
        return text;
    }

    private static String recased(String text, String name, Arguments arguments, Budget budget) {
        return Values.string(name, Filters.apply(name, text, arguments, budget));
    }

    /** {@code text.replace(old, new)}. */
    static String replaced(String text, Arguments arguments, Budget budget) {
        String old = Values.string("replace", arguments.at(0));
        String replacement = Values.string("replace", arguments.at(1));
        budget.search(text, old);
        budget.characters(PythonText.count(text, old) * replacement.length());
        return text.replace(old, replacement);
    }

    private static List<Object> split(String text, String separator, Budget budget) {
        if (separator.isEmpty()) {
            throw new TemplateException("split() needs a separator that is not empty");
        }
        budget.search(text, separator);
        budget.objects(PythonText.count(text, separator) + 1);
        return PythonText.split(text, separator);
    }

    private static String stripped(String text, String name, Arguments arguments, Budget budget) {
        boolean left = !name.equals("rstrip");
        boolean right = !name.equals("lstrip");
        if (arguments.size() == 0) {
            budget.characters(text.length());
            String start = left ? PythonText.lstrip(text) : text;
            return right ? PythonText.rstrip(start) : start;
        }
        String characters = arguments.text(name);
        budget.search(text, characters);
        String start = left ? PythonText.lstrip(text, characters) : text;
        return right ? PythonText.rstrip(start, characters) : start;
    }

    private static Object ofMap(Map<?, ?> map, String name, Arguments arguments, Budget budget) {
        budget.objects(map.size());
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
                Object found = Values.lookup(map, arguments.only(name, 1, 2).at(0), budget);
                yield found != null ? found : arguments.size() == 2 ? arguments.at(1) : Constant.NONE;
            }
            default -> throw unsupported(map, name);
        };
    }

    private static TemplateException unsupported(Object value, String name) {
        return new TemplateException("%s() of a %s is not supported".formatted(name, Values.kind(value)));
    }
}
