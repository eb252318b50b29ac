package dev.perennial.lora.jinja;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code json.dumps(value, ensure_ascii=False)}: a space after each comma and colon, keys in their order. */
final class JsonText {
    private JsonText() {}

    static String of(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case Long number -> number.toString();
            case Boolean b -> b.toString();
            case Constant constant when constant == Constant.NONE -> "null";
            case List<?> list -> list.stream().map(JsonText::of).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> quoted((String) entry.getKey()) + ": " + of(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> throw new TemplateException("a " + Values.kind(value) + " has no JSON");
        };
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\f' -> json.append("\\f");
                case '\b' -> json.append("\\b");
                default -> json.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        return json.append('"').toString();
    }
}
