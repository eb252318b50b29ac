package dev.perennial.lora.jinja;

import java.util.List;
import java.util.Map;

/** The values of a call. */
public record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    Arguments only(String callee, int least, int most) {
        if (!named.isEmpty() || positional.size() < least || positional.size() > most) {
            throw new TemplateException(callee + " is used with arguments that are not supported");
        }
        return this;
    }

    /** The one argument, a string. */
    public String text(String callee) {
        only(callee, 1, 1);
        return Values.string(callee, positional.getFirst());
    }

    int size() {
        return positional.size();
    }

    Object at(int index) {
        return positional.get(index);
    }
}
