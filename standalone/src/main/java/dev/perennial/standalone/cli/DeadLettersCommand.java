package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.Service;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Events that could not be handled. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "List the events that could not be handled, or send them back to be handled again.")
final class DeadLettersCommand implements Callable<Integer> {
    private static final List<String> COLUMNS = List.of("family", "position", "time", "type", "group", "reason");

    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Parameters(index = "0", arity = "0..1", paramLabel = "FAMILY", description = "such as samples; default: all")
    @Nullable
    String family;

    @Option(names = "--replay", description = "send the family's dead letters back into its topic")
    boolean replay;

    @Override
    public Integer call() {
        try (PerennialClient client = connection.open()) {
            String of = family;
            if (replay) {
                if (of == null) {
                    throw new IllegalArgumentException("name the family to replay, such as samples");
                }
                output.show(client.replay(of), answer -> Output.cell(answer, "replayed") + " replayed");
            } else {
                String path = "/api/dead-letters" + (of == null ? "" : "/" + PerennialClient.segment(of));
                output.table(client.get(Service.REGISTRY, path), COLUMNS, "no dead letters");
            }
        }
        return 0;
    }
}
