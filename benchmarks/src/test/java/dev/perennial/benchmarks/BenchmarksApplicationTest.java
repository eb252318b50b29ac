package dev.perennial.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksApplicationTest {
    private final PrintStream usual = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void leave() {
        System.setErr(usual);
    }

    @Test
    void a_folder_without_the_data_is_answered_with_the_file_that_is_missing() {
        int status = BenchmarksApplication.execute("learn", "--data", folder.toString(), "--tracks", "few");

        assertThat(status).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("there is no file " + folder.resolve("clinc150/domains.json"));
    }

    @Test
    void steps_that_would_all_be_warm_up_are_refused() {
        int status = BenchmarksApplication.execute("lora", "--no-python", "--cases", "generation-1", "--steps", "1");

        assertThat(status).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("--steps must be at least 2 for generation-1: the first ones are warm-up");
    }
}
