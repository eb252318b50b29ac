package dev.perennial.lora;

import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run that writes a checkpoint after every third step and goes on from it when started anew. */
final class TrainingProcess {
    /** What is trained, for some 300 steps. */
    enum Kind {
        CLASSIFIER {
            @Override
            void train(Path directory, int pauseMillis) throws IOException, InterruptedException {
                TrainingConfig config = Fixtures.config()
                        .withLora(Fixtures.dropping(4, 0.1, "query", "value", "output.dense"))
                        .withEpochs(60)
                        .withPatience(0);
                Path checkpoint = directory.resolve("checkpoint");
                try (TextEncoder encoder = Fixtures.tinyEncoder();
                        TrainingSession<TextClassifier> session = Files.exists(checkpoint)
                                ? TrainingSession.resume(encoder, Fixtures.data(), config, checkpoint)
                                : TrainingSession.start(encoder, Fixtures.data(), config)) {
                    run(session, checkpoint, pauseMillis);
                    try (TextClassifier classifier = session.finish()) {
                        classifier.save(directory.resolve("adapter"));
                    }
                }
            }
        },
        /** With all that has a state of its own: replay, elastic weights, noise, steps back. */
        LANGUAGE_MODEL {
            @Override
            void train(Path directory, int pauseMillis) throws IOException, InterruptedException {
                TrainingConfig config = LanguageRuns.config(LanguageTrainingTest.LORA)
                        .withBatchSize(2)
                        .withEpochs(32)
                        .withNoise(new Noise(0.5, 0.2, 5))
                        .withRetention(new Retention(0.2, 1))
                        .withAdaptation(new Adaptation(2, 0.5, 1, 5));
                Path checkpoint = directory.resolve("checkpoint");
                try (LanguageModel model = LanguageRuns.open("qwen2");
                        TrainingSession<LanguageTuning> session = Files.exists(checkpoint)
                                ? TrainingSession.resume(model, LanguageRuns.data(model), config, checkpoint)
                                : TrainingSession.start(model, LanguageRuns.data(model), config)) {
                    run(session, checkpoint, pauseMillis);
                    session.finish().save(directory.resolve("adapter"));
                }
            }
        };

        abstract void train(Path directory, int pauseMillis) throws IOException, InterruptedException;
    }

    private TrainingProcess() {}

    /** Arguments: what is trained, a directory for checkpoint and adapter, milliseconds to wait after a step. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Kind.valueOf(args[0]).train(Path.of(args[1]), Integer.parseInt(args[2]));
    }

    private static void run(TrainingSession<?> session, Path checkpoint, int pauseMillis) throws InterruptedException {
        while (!session.done()) {
            TrainingStep step = session.step();
            if (step.step() % 3 == 0) {
                session.checkpoint(checkpoint);
            }
            System.out.println("step " + step.step());
            Thread.sleep(pauseMillis); // so that whoever kills it meets it at the step it chose
        }
    }
}
