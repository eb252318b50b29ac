package dev.perennial.lora;

import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Trains and says every hundred steps how much memory is resident and how many arrays there are. */
final class MemoryProcess {
    private MemoryProcess() {}

    public static void main(String[] args) throws IOException {
        TrainingConfig config = Fixtures.config()
                .withLora(Fixtures.dropping(4, 0.1, "query", "output.dense"))
                .withEpochs(1000)
                .withPatience(0);
        try (TextEncoder encoder = Fixtures.tinyEncoder();
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, Fixtures.data(), config)) {
            for (int step = 1; step <= NativeMemoryIT.STEPS; step++) {
                session.step();
                if (step >= NativeMemoryIT.SETTLED && step % 100 == 0) {
                    System.out.println("memory " + step + " " + residentKb() + " " + session.managedArrays());
                }
            }
        }
    }

    private static long residentKb() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
