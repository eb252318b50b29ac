package dev.perennial.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run that writes a checkpoint after every third step and goes on from it when started anew. */
final class TrainingProcess {
    private static final TrainingConfig CONFIG = Fixtures.config()
            .withLora(Fixtures.dropping(4, 0.1, "query", "value", "output.dense"))
            .withEpochs(60)
            .withPatience(0);

    private TrainingProcess() {}

    /** Arguments: a directory for checkpoint and adapter, milliseconds to wait after a step. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]);
        Path checkpoint = directory.resolve("checkpoint");
        try (TextEncoder encoder = Fixtures.tinyEncoder();
                TrainingSession<TextClassifier> session = Files.exists(checkpoint)
                        ? TrainingSession.resume(encoder, Fixtures.data(), CONFIG, checkpoint)
                        : TrainingSession.start(encoder, Fixtures.data(), CONFIG, null)) {
            while (!session.done()) {
                TrainingStep step = session.step();
                if (step.step() % 3 == 0) {
                    session.checkpoint(checkpoint);
                }
                System.out.println("step " + step.step());
                Thread.sleep(Long.parseLong(args[1])); // so that whoever kills it meets it at the step it chose
            }
            try (TextClassifier classifier = session.finish()) {
                classifier.save(directory.resolve("adapter"));
            }
        }
    }
}
