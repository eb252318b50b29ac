package dev.perennial.standalone.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Prints an answer as a table for people or as it came for scripts. */
final class Output {
    /** Fractions of a second say nothing to a person. */
    private static final Pattern TIME = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$");

    @Spec(Spec.Target.MIXEE)
    CommandSpec command = CommandSpec.create();

    @Option(names = "--json", description = "print the server's JSON")
    boolean json;

    /** The JSON when it was asked for, else what {@code text} makes of it. */
    void show(JsonNode answer, Function<JsonNode, String> text) {
        out().println(json ? answer.toString() : text.apply(answer));
        out().flush();
    }

    /** A table of the answer's items with these fields as columns. */
    void table(JsonNode answer, List<String> fields, String whenEmpty) {
        show(answer, page -> {
            JsonNode items = page.has("items") ? page.path("items") : page;
            if (items.isEmpty()) {
                return whenEmpty;
            }
            Table table = new Table(fields);
            items.forEach(item ->
                    table.row(fields.stream().map(field -> cell(item, field)).toList()));
            return table.toString();
        });
    }

    /** A nested field is named with dots; what is absent is shown as a dash. */
    static String cell(JsonNode item, String field) {
        JsonNode value = item;
        for (String step : field.split("\\.", -1)) {
            value = value.path(step);
        }
        if (value.isMissingNode() || value.isNull()) {
            return "-";
        }
        if (value.isDouble()) {
            return String.format(Locale.ROOT, "%.3f", value.asDouble());
        }
        String text = value.isValueNode() ? value.asString() : value.toString();
        return TIME.matcher(text).replaceFirst("$1Z");
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }
}
