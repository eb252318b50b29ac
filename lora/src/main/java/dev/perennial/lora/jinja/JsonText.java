package dev.perennial.lora.jinja;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** {@code json.dumps(value, ensure_ascii=False)}: a space after each comma and colon, keys in their order. */
final class JsonText {
    private static final int LONGEST_ESCAPE = 6;

    private final StringBuilder json = new StringBuilder();
    private final Budget budget;

    private JsonText(Budget budget) {
        this.budget = budget;
    }

    static String of(Object value, Budget budget) {
        JsonText text = new JsonText(budget);
        text.add(value);
        return text.json.toString();
    }

    private void add(Object value) {
        budget.objects(1);
        switch (value) {
            case String text -> addQuoted(text);
            case Long number -> json.append(number);
            case Boolean b -> json.append(b);
            case Constant constant when constant == Constant.NONE -> json.append("null");
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    json.append(separator);
                    add(element);
                    separator = ", ";
                }
                json.append(list.isEmpty() ? "[]" : "]");
            }
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.append(separator);
                    addQuoted((String) entry.getKey());
                    json.append(": ");
                    add(entry.getValue());
                    separator = ", ";
                }
                json.append(map.isEmpty() ? "{}" : "}");
            }
            default -> throw new TemplateException("a " + Values.kind(value) + " has no JSON");
        }
    }

    private void addQuoted(String text) {
        budget.characters((long) LONGEST_ESCAPE * text.length());
        json.append('"');
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
                default -> {
                    if (c < ' ') {
                        json.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
