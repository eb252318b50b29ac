package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twelve layers at 1,024 tokens, each way in a JVM of its own whose heap is touched in full at the start: what the peak of
 * resident memory lies above the loaded model is the engine's.
 */
class CheckpointingIT {
    @TempDir
    Path directory;

    @Test
    void activationsTakeTwoFifthsOfTheMemoryAtMost() throws IOException, InterruptedException {
        long without = peakKilobytes(false);
        long with = peakKilobytes(true);
        System.out.println("peak of activations without checkpointing: " + without + " kB, with: " + with + " kB");
        assertThat(with).isPositive().isLessThanOrEqualTo(without * 2 / 5);
    }

    private long peakKilobytes(boolean checkpointing) throws IOException, InterruptedException {
        Path output = directory.resolve("output-" + checkpointing);
        Process process = ChildJvm.start(
                CheckpointingProcess.class,
                output,
                List.of(
                        "-Xms192m",
                        "-Xmx192m",
                        "-XX:MaxDirectMemorySize=8m", // else the buffers that carried the weights count until a
                        // collection
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1"),
                List.of(String.valueOf(checkpointing)));
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines()
                .filter(line -> line.startsWith("peak "))
                .mapToLong(line -> Long.parseLong(line.substring("peak ".length())))
                .findFirst()
                .orElseThrow();
    }
}
