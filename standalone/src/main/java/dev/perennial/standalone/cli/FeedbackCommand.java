package dev.perennial.standalone.cli;

import dev.perennial.standalone.client.PerennialClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges an answer. */
@Command(name = "feedback", mixinStandardHelpOptions = true, description = "Say what an answer was worth.")
final class FeedbackCommand implements Callable<Integer> {
    @Mixin
    Connection connection = new Connection();

    @Mixin
    Output output = new Output();

    @Parameters(index = "0", paramLabel = "REQUEST_ID")
    String requestId = "";

    @ArgGroup(multiplicity = "1")
    Judgement judgement = new Judgement();

    static final class Judgement {
        @Option(names = "--label", description = "the label that the text should have had")
        @Nullable
        String label;

        @Option(names = "--rating", description = "from 0 (useless) to 1 (perfect)")
        @Nullable
        Double rating;
    }

    @Override
    public Integer call() {
        try (PerennialClient client = connection.open()) {
            String label = judgement.label;
            Double rating = judgement.rating;
            output.show(
                    label != null
                            ? client.correct(requestId, label)
                            : client.rate(requestId, rating == null ? 0 : rating),
                    answer -> "noted");
        }
        return 0;
    }
}
