package dev.perennial.lora.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedDirectoryTest {
    private static final Set<String> OURS = Set.of("config", "weights");

    @TempDir
    Path root;

    private Path saved;

    @BeforeEach
    void name() {
        saved = root.resolve("a/saved");
    }

    private void save(String... files) {
        SavedDirectory.write(saved, OURS, staging -> {
            for (String file : files) {
                Files.writeString(staging.resolve(file), "new");
            }
        });
    }

    private void assertOnly(Path directory, String... names) {
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder(names);
    }

    @Test
    void aNewDirectoryAppearsWhenAllOfItIsThere() {
        SavedDirectory.write(saved, OURS, staging -> {
            Files.writeString(staging.resolve("config"), "new");
            assertThat(saved).doesNotExist();
        });
        assertThat(saved.resolve("config")).hasContent("new");
        assertOnly(saved.getParent(), "saved");
    }

    @Test
    void anExistingOneIsReplacedAsAWhole() throws IOException {
        save("config", "weights");
        Files.setPosixFilePermissions(saved, PosixFilePermissions.fromString("rwx------"));
        SavedDirectory.write(saved, OURS, staging -> {
            Files.writeString(staging.resolve("config"), "newer");
            assertThat(saved.resolve("config")).hasContent("new");
            assertThat(Files.getPosixFilePermissions(staging)).hasSize(3);
        });
        assertThat(saved.resolve("config")).hasContent("newer");
        assertOnly(saved, "config");
        assertOnly(saved.getParent(), "saved");
        assertThat(Files.getPosixFilePermissions(saved)).hasSize(3);
    }

    @Test
    void anEmptyOneIsFilled() throws IOException {
        Files.createDirectories(saved);
        save("config");
        assertOnly(saved, "config");
    }

    @Test
    void aLinkToADirectoryStaysOne() throws IOException {
        Path real = Files.createDirectory(root.resolve("real"));
        Files.createDirectory(saved.getParent());
        Files.createSymbolicLink(saved, real);
        save("config");
        assertThat(saved).isSymbolicLink();
        assertOnly(real, "config");
    }

    @Test
    void aFailureLeavesWhatWasThere() {
        save("config");
        assertThatThrownBy(() -> SavedDirectory.write(saved, OURS, staging -> {
                    Files.writeString(staging.resolve("weights"), "half");
                    throw new IOException("no space left");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("could not write " + saved)
                .hasStackTraceContaining("no space left");
        assertOnly(saved, "config");
        assertOnly(saved.getParent(), "saved");
    }

    @Test
    void whatIsNotOursIsNeverDeleted() throws IOException {
        save("config");
        Path other = Files.writeString(saved.resolve("notes"), "mine");
        assertThatThrownBy(() -> save("config"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'notes', which would be lost");
        Files.delete(other);
        Path folder = Files.createDirectory(saved.resolve("weights"));
        assertThatThrownBy(() -> save("config")).hasMessageContaining("'weights', which would be lost");
        Files.delete(folder);
        assertThatThrownBy(() -> SavedDirectory.write(
                        saved, OURS, staging -> Files.writeString(saved.resolve("late"), "while it was written")))
                .hasMessageContaining("'late', which would be lost");
        assertOnly(saved, "config", "late");
        assertOnly(saved.getParent(), "saved");
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Files.createDirectory(saved.getParent());
        Files.writeString(saved, "x");
        assertThatThrownBy(() -> save("config"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no directory");
        assertThat(saved).hasContent("x");
    }
}
