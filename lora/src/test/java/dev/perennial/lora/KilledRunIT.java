package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at a random step, three times in one run; {@code -Dkill.seed=} repeats what was printed. */
class KilledRunIT {
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    @Test
    void aRunThatIsKilledAgainAndAgainEndsWithTheFilesOfAnUnbrokenOne()
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        Path straight = Files.createDirectory(directory.resolve("straight"));
        assertThat(run(straight, 0, Integer.MAX_VALUE)).isZero();
        Path killed = Files.createDirectory(directory.resolve("killed"));
        Random random = new Random(SEED);
        int at = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            at += 5 + random.nextInt(90);
            assertThat(run(killed, 5, at)).as("killed, seed %d", SEED).isEqualTo(128 + 9);
            assertThat(killed.resolve("adapter")).doesNotExist();
        }
        assertThat(run(killed, 0, Integer.MAX_VALUE)).isZero();
        assertThat(Files.readString(killed.resolve("output"))).doesNotContain("step 1\n");
        for (String file : List.of("adapter_model.safetensors", "classifier.safetensors", "classifier.json")) {
            assertThat(sha256(killed.resolve("adapter").resolve(file)))
                    .as("%s, seed %d", file, SEED)
                    .isEqualTo(sha256(straight.resolve("adapter").resolve(file)));
        }
    }

    /** Runs until the end, or kills the process once it has said that it did a step; its exit value. */
    private static int run(Path directory, int pauseMillis, int killAt) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = ChildJvm.start(
                TrainingProcess.class, output, List.of(), List.of(directory.toString(), "" + pauseMillis));
        try {
            while (!process.waitFor(2, TimeUnit.MILLISECONDS)) {
                if (lastStep(output) >= killAt) {
                    process.destroyForcibly();
                }
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static int lastStep(Path output) throws IOException {
        String said = Files.readString(output);
        int end = said.lastIndexOf('\n');
        int start = said.lastIndexOf("step ", end);
        return start < 0 || end < start ? 0 : Integer.parseInt(said.substring(start + 5, end));
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
