package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryLockTest {
    @TempDir
    Path parent;

    @Test
    void refuses_a_second_owner_and_names_the_first() {
        Path directory = parent.resolve("data");
        try (DataDirectoryLock _ = DataDirectoryLock.acquire(directory)) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> DataDirectoryLock.acquire(directory))
                    .withMessage("Data directory " + directory + " is in use by process "
                            + ProcessHandle.current().pid() + ": stop that process or choose another directory.");
        }
    }

    @Test
    void can_be_taken_again_after_release() {
        Path directory = parent.resolve("data");
        DataDirectoryLock.acquire(directory).close();

        try (DataDirectoryLock _ = DataDirectoryLock.acquire(directory)) {
            assertThat(directory).isDirectoryContaining(file -> file.endsWith(DataDirectoryLock.FILE_NAME));
        }
    }

    @Test
    void says_when_the_path_is_no_directory() throws Exception {
        Path file = Files.writeString(parent.resolve("data"), "a file");

        assertThatExceptionOfType(EmbeddedServerException.class)
                .isThrownBy(() -> DataDirectoryLock.acquire(file))
                .withMessageContaining("Cannot use data directory " + file);
    }
}
