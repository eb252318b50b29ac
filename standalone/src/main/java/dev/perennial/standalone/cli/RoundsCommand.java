package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.Service;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Training rounds. */
@Command(
        name = "rounds",
        mixinStandardHelpOptions = true,
        description = "List a model's training rounds, newest first, or start one.")
final class RoundsCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of(
            "round", "state", "since", "cause", "generation.accepted", "dataset.samples", "runId", "passed", "failure");

    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Parameters(index = "0", paramLabel = "MODEL")
    String model = "";

    @Option(names = "--start", description = "start a round on the accepted samples")
    boolean start;

    @Option(names = "--generate", description = "with --start: generate new samples first")
    boolean generate;

    @Option(names = "--reason", description = "with --start: kept with the round", defaultValue = "by command")
    String reason = "";

    @Override
    public Integer call() {
        try (PerennialClient client = connection.open()) {
            if (start) {
                output.show(client.startRound(model, generate, reason), RoundsCommand::started);
            } else {
                String path = "/api/models/" + PerennialClient.segment(model) + "/rounds";
                output.table(client.get(Service.SCHEDULER, path), COLUMNS, "no rounds yet");
            }
        }
        return 0;
    }

    /** A round that has to wait for the open one has no number yet; the server says what it waits for. */
    private static String started(JsonNode answer) {
        return answer.hasNonNull("round")
                ? "round " + Output.cell(answer, "round") + " started"
                : Output.cell(answer, "message");
    }
}
