package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.Service;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Model versions and where they came from. */
@Command(
        name = "versions",
        mixinStandardHelpOptions = true,
        description = "List a model's versions, newest first, or show one with its full lineage.")
final class VersionsCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of(
            "version", "stage", "trafficPercent", "origin", "round", "parentVersion", "dataset.samples", "registered");

    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Parameters(index = "0", paramLabel = "MODEL")
    String model = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION")
    @Nullable
    Integer version;

    @Override
    public Integer call() {
        try (PerennialClient client = connection.open()) {
            String path = "/api/models/" + PerennialClient.segment(model) + "/versions";
            if (version == null) {
                output.table(client.get(Service.REGISTRY, path), COLUMNS, "no versions yet");
            } else {
                output.show(client.get(Service.REGISTRY, path + "/" + version), JsonNode::toPrettyString);
            }
        }
        return 0;
    }
}
