package dev.perennial.trainer;

import dev.perennial.common.spec.TrainingSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A task that a real encoder learns in seconds. */
public final class TinyTask {
    public static final String BASE = "all-minilm-l6-v2";
    public static final List<String> LABELS = List.of("billing", "outage", "router");

    private static final Map<String, List<String>> TEXTS = Map.of(
            "billing",
            List.of(
                    "I was charged twice this month",
                    "the invoice is wrong",
                    "please refund my last payment",
                    "why is my bill so high",
                    "the direct debit failed",
                    "I want a copy of the invoice"),
            "outage",
            List.of(
                    "the internet is down in our street",
                    "no connection since this morning",
                    "is there an outage here",
                    "everything is offline again",
                    "the service went dark at noon",
                    "nobody in the house can get online"),
            "router",
            List.of(
                    "the router blinks red",
                    "how do I reset the modem",
                    "the box does not switch on",
                    "my router keeps restarting",
                    "where is the reset button of the device",
                    "the modem gets very hot"));

    private TinyTask() {}

    public static TrainingSpec training(int epochs) {
        return training(epochs, List.of());
    }

    public static TrainingSpec training(int epochs, List<String> targets) {
        return new TrainingSpec(null, 4, null, 0.1, targets, null, null, epochs, 6, null, null, null, null, 32, null);
    }

    /** Writes a training set below a directory; the last text of each label validates. */
    public static Path dataset(Path directory) {
        StringBuilder train = new StringBuilder();
        StringBuilder validation = new StringBuilder();
        for (String label : LABELS) {
            List<String> texts = new ArrayList<>(TEXTS.get(label));
            validation.append(line(texts.removeLast(), label));
            texts.forEach(text -> train.append(line(text, label)));
        }
        return write(directory, train.toString(), validation.toString());
    }

    public static Path write(Path directory, String train, String validation) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("train.jsonl"), train);
            Files.writeString(directory.resolve("validation.jsonl"), validation);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String line(String text, String label) {
        return JsonMapper.shared().writeValueAsString(Map.of("text", text, "label", label, "weight", 1.0)) + "\n";
    }
}
