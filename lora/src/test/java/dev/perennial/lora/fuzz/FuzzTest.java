package dev.perennial.lora.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FuzzTest {
    private static final int MUTANTS = 60;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void mutantsLoadOrAreRefusedWithAMessageAndNothingElse(Subject subject) throws IOException {
        int loaded = 0;
        try (Fuzzer fuzzer = new Fuzzer(directory)) {
            for (int seed = 0; seed < MUTANTS; seed++) {
                loaded += fuzzer.run(subject, seed) ? 1 : 0;
            }
        }
        assertThat(loaded).as("mutations reach both outcomes").isBetween(1, MUTANTS - 1);
    }
}
