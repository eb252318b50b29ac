package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGKILL at a random step, three times in one run; {@code -Dkill.seed=} repeats what was printed. */
class KilledRunIT {
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
    private static final int KILLS = 3;
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void aRunThatIsKilledAgainAndAgainEndsWithTheFilesOfAnUnbrokenOne(TrainingProcess.Kind kind)
            throws IOException, InterruptedException {
        Path straight = Files.createDirectory(directory.resolve("straight"));
        assertThat(run(kind, straight, 0, Integer.MAX_VALUE)).isZero();
        Path killed = Files.createDirectory(directory.resolve("killed"));
        Random random = new Random(SEED);
        int at = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            at += 5 + random.nextInt(90);
            assertThat(run(kind, killed, 5, at)).as("killed, seed %d", SEED).isEqualTo(128 + 9);
            assertThat(killed.resolve("adapter")).doesNotExist();
        }
        assertThat(run(kind, killed, 0, Integer.MAX_VALUE)).isZero();
        assertThat(Files.readString(killed.resolve("output"))).doesNotContain("step 1\n");
        try (Stream<Path> files = Files.list(straight.resolve("adapter"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(1);
            all.forEach(file -> assertThat(killed.resolve("adapter").resolve(file.getFileName()))
                    .as("seed %d", SEED)
                    .hasSameBinaryContentAs(file));
        }
    }

    /** Runs until the end, or kills the process once it has said that it did a step; its exit value. */
    private static int run(TrainingProcess.Kind kind, Path directory, int pauseMillis, int killAt)
            throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = ChildJvm.start(
                TrainingProcess.class,
                output,
                QUICK_START,
                List.of(kind.name(), directory.toString(), "" + pauseMillis));
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
}
