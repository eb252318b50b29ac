package dev.perennial.standalone;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Adapters that took no time to train, as the registry imports them. */
public final class TinyAdapter {
    private TinyAdapter() {}

    /** The spec of a model that they fit; a new version is live at once. */
    public static String spec(String model) {
        return """
                name: %s
                task: {type: classification, labels: [offline, slow]}
                baseModel: all-minilm-l6-v2
                evaluation: {sets: [core]}
                rollout: {steps: [100]}
                """.formatted(model);
    }

    /** So many, all different. */
    public static List<byte[]> zips(int count, Path directory) throws IOException {
        List<byte[]> zips = new ArrayList<>();
        try (TextEncoder encoder = TextEncoder.open("all-minilm-l6-v2")) {
            for (int seed = 1; seed <= count; seed++) {
                zips.add(zip(train(encoder, seed, directory.resolve("adapter-" + seed))));
            }
        }
        return zips;
    }

    private static Path train(TextEncoder encoder, long seed, Path directory) {
        TrainingData data = new TrainingData(
                List.of("offline", "slow"),
                List.of(
                        new LabelledText("no connection at all in the kitchen", "offline"),
                        new LabelledText("everything crawls in the attic", "slow")),
                List.of());
        TrainingConfig config = TrainingConfig.defaults().withEpochs(1).withSeed(seed);
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config)) {
            while (!session.done()) {
                session.step();
            }
            try (TextClassifier classifier = session.finish()) {
                return classifier.save(directory);
            }
        }
    }

    private static byte[] zip(Path directory) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
