package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In a JVM of its own, whose heap is touched in full at the start and which compiles with its first compiler only: what
 * grows later is the engine's memory. The second compiler takes some 15 MB, once, when it compiles the steps' code between
 * the 200th and the 600th; in six runs with it the process grew by 1.2 to 5.4 % after step 200, in six without it by 0.9 %
 * at most.
 */
class NativeMemoryIT {
    static final int STEPS = 2_000;
    static final int SETTLED = 200;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void twoThousandStepsHoldNativeMemoryFlat(MemoryProcess.Kind kind) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = ChildJvm.start(
                MemoryProcess.class,
                output,
                List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                List.of(kind.name()));
        try {
            assertThat(process.waitFor(20, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        List<long[]> samples = said.lines()
                .filter(line -> line.startsWith("memory "))
                .map(line -> List.of(line.split(" ")).subList(1, 4).stream()
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toList();
        assertThat(samples)
                .hasSizeGreaterThan(STEPS / 100 - 2)
                .last()
                .satisfies(sample -> assertThat(sample[0]).isEqualTo(STEPS));
        long settled = samples.getFirst()[1];
        assertThat(samples.getFirst()[0]).isEqualTo(SETTLED);
        for (long[] sample : samples) {
            assertThat(sample[1]).as("kB after step %d", sample[0]).isBetween(settled * 95 / 100, settled * 105 / 100);
            assertThat(sample[2]).as("arrays after step %d", sample[0]).isEqualTo(samples.getFirst()[2]);
        }
        System.out.println(kind + ", step 200: " + settled + " kB, step 2000: " + samples.getLast()[1] + " kB");
    }
}
