package dev.perennial.common.text;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in one sentence where a JSON or YAML document is wrong and what to change, without echoing its content. */
public final class Unreadable {
    private Unreadable() {}

    public static String describe(JacksonException e) {
        String path = path(e);
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? ""
                    : unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", ", "; known keys here: ", ""));
            return "'" + path + "' is not a known key" + known + ".";
        }
        Throwable cause = e.getCause();
        if (e instanceof DatabindException && cause instanceof IllegalArgumentException refused) {
            return "'" + path + "': " + refused.getMessage();
        }
        if (e.getOriginalMessage().startsWith("Duplicate Object property")) {
            return "A key is given twice at line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + "; keep one of the two.";
        }
        String at = "line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr();
        return path.isEmpty()
                ? "The document cannot be read at " + at + "; check it for a missing quote, comma or bracket."
                : "'" + path + "' (" + at + ") does not have the expected form.";
    }

    /** The dotted path of the key at fault, such as {@code training.rank} or {@code labels[3]}. */
    public static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }
}
