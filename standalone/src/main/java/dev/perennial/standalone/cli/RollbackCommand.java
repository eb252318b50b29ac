package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.PerennialClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes the live version back. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "Give all traffic to the version that was live before, at once.")
final class RollbackCommand implements Callable<Integer> {
    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Parameters(index = "0", paramLabel = "MODEL")
    String model = "";

    @Option(names = "--to", description = "the version to go to (default: the one that was live before)")
    @Nullable
    Integer toVersion;

    @Option(names = "--reason", description = "kept in the time line", defaultValue = "by command")
    String reason = "";

    @Override
    public Integer call() {
        try (PerennialClient client = connection.open()) {
            output.show(client.rollback(model, toVersion, reason), answer -> "rolled back: " + answer);
        }
        return 0;
    }
}
