package dev.perennial.lora.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dfuzz.mutants=100000} for the whole run, {@code -Dfuzz.seed=} for another one. */
class FuzzIT {
    private static final int MUTANTS = Integer.getInteger("fuzz.mutants", 2_000);
    private static final long SEED = Long.getLong("fuzz.seed", 1_000_000);

    @TempDir
    Path directory;

    @Test
    void noMutantCrashesHangsOrFillsTheProcess() throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Path notes = Files.createFile(directory.resolve("notes"));
        int each = (MUTANTS + Subject.values().length - 1) / Subject.values().length;
        Path scratch = Files.createDirectory(directory.resolve("scratch"));
        Process child = ChildJvm.start(
                FuzzProcess.class,
                output,
                List.of("-Xmx256m"),
                List.of("" + SEED, "" + each, scratch.toString(), notes.toString()));
        try {
            assertThat(child.waitFor(2, TimeUnit.HOURS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(child.exitValue())
                .as("last mutant %s, output:%n%s", Files.readString(notes), said)
                .isZero();
        System.out.println(said.lines()
                .filter(line -> line.contains("mutants,"))
                .findFirst()
                .orElseThrow());
    }
}
