package dev.perennial.registry.serving;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.recipe.TrainingConfig;
import java.nio.file.Path;
import java.util.List;

/** A real adapter on the embedded English base, trained on a handful of texts. */
public final class TrainedAdapter {
    public static final String BASE = "all-minilm-l6-v2";

    private TrainedAdapter() {}

    public static Path train(Path directory) {
        TrainingData data = new TrainingData(
                List.of("slow", "offline"),
                List.of(
                        new LabelledText("the internet is slow", "slow"),
                        new LabelledText("pages load slowly today", "slow"),
                        new LabelledText("it is slow", "slow"),
                        new LabelledText("video keeps buffering", "slow"),
                        new LabelledText("the line is offline", "offline"),
                        new LabelledText("no connection at all", "offline"),
                        new LabelledText("is it offline", "offline"),
                        new LabelledText("my router is dead", "offline")),
                List.of());
        try (TextEncoder encoder = TextEncoder.open(BASE);
                TrainingSession<TextClassifier> session = TrainingSession.start(
                        encoder, data, TrainingConfig.defaults().withEpochs(12).withBatchSize(4))) {
            while (!session.done()) {
                session.step();
            }
            try (TextClassifier classifier = session.finish()) {
                return classifier.save(directory);
            }
        }
    }
}
