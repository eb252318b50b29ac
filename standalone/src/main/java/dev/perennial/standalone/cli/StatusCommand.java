package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.Service;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is declared, what is live and what is under way. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the declared models, or one model with all that is under way for it.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL")
    @Nullable
    String model;

    @Override
    public Integer call() {
        try (PerennialClient client = connection.open()) {
            String of = model;
            if (of == null) {
                output.table(
                        client.get(Service.REGISTRY, "/api/models"),
                        List.of("model", "specVersion", "live", "canary", "canaryPercent"),
                        "no models yet; declare one with 'perennial apply -f spec.yaml'");
            } else {
                output.show(gather(client, PerennialClient.segment(of)), StatusCommand::describe);
            }
        }
        return 0;
    }

    private static JsonNode gather(PerennialClient client, String model) {
        ObjectNode all = JsonMapper.shared().createObjectNode();
        all.set("model", client.get(Service.REGISTRY, "/api/models/" + model));
        all.set("pool", client.get(Service.SCHEDULER, "/api/models/" + model + "/pool"));
        all.set("rounds", client.get(Service.SCHEDULER, "/api/models/" + model + "/rounds?size=3"));
        all.set("drift", client.get(Service.EVALUATOR, "/api/models/" + model + "/drift"));
        all.set("timeline", client.get(Service.REGISTRY, "/api/models/" + model + "/timeline?size=5"));
        return all;
    }

    private static String describe(JsonNode all) {
        StringBuilder text = new StringBuilder();
        JsonNode model = all.path("model");
        text.append("model   ")
                .append(Output.cell(model, "model"))
                .append(", spec version ")
                .append(Output.cell(model, "specVersion"))
                .append("\nlive    ")
                .append(Output.cell(model, "live"));
        if (!model.path("canary").isNull()) {
            text.append(", canary ")
                    .append(Output.cell(model, "canary"))
                    .append(" at ")
                    .append(Output.cell(model, "canaryPercent"))
                    .append(" %");
        }
        text.append("\npool    ").append(pool(all.path("pool")));
        text.append("\ndrift   ").append(drift(all.path("drift").path("now")));
        text.append("\n\nrounds\n").append(rows(all.path("rounds"), List.of("round", "state", "since", "reason")));
        text.append("\n\ntime line\n")
                .append(rows(all.path("timeline"), List.of("at", "kind", "version", "percent", "reason")));
        return text.toString();
    }

    private static String pool(JsonNode pool) {
        return "%s real and %s synthetic samples, %s rejected; %s of %s until a round starts by itself"
                .formatted(
                        Output.cell(pool, "real"),
                        Output.cell(pool, "synthetic"),
                        Output.cell(pool, "rejected"),
                        Output.cell(pool, "sinceSnapshot"),
                        Output.cell(pool, "every"));
    }

    private static String drift(JsonNode now) {
        if (!now.isObject()) {
            return "no feedback yet";
        }
        return String.format(
                Locale.ROOT,
                "version %s: %.1f %% wrong in the last %s answers with feedback, %s",
                Output.cell(now, "version"),
                100 * now.path("errorRate").asDouble(),
                Output.cell(now, "window"),
                now.path("alarmed").asBoolean() ? "alarm raised" : "no alarm");
    }

    private static String rows(JsonNode page, List<String> fields) {
        Table table = new Table(fields);
        page.path("items")
                .forEach(item -> table.row(
                        fields.stream().map(field -> Output.cell(item, field)).toList()));
        return table.toString();
    }
}
