package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.PerennialClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a model. */
@Command(name = "predict", mixinStandardHelpOptions = true, description = "Ask a model for the label of a text.")
final class PredictCommand implements Callable<Integer> {
    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Parameters(index = "0", paramLabel = "MODEL")
    String model = "";

    @Parameters(index = "1", paramLabel = "TEXT")
    String text = "";

    @Option(names = "--key", description = "caller key; during a rollout one key always meets the same version")
    @Nullable
    String key;

    @Override
    public Integer call() {
        try (PerennialClient client = connection.open()) {
            output.show(
                    client.predict(model, text, key),
                    answer -> Output.cell(answer, "label") + "  confidence " + Output.cell(answer, "confidence")
                            + "  version " + Output.cell(answer, "version") + "  request "
                            + Output.cell(answer, "requestId"));
        }
        return 0;
    }
}
