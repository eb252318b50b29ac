package dev.perennial.trainer.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The checkpoint files of a run, in a directory that every trainer sees. Each attempt writes names of its own, so that
 * one that lost its lease without knowing never harms the files of the next.
 */
final class Checkpoints {
    private final Path directory;

    Checkpoints(Path root, String runId) {
        this.directory = root.resolve(runId);
    }

    @Nullable
    Path find(@Nullable String name) {
        return name == null ? null : directory.resolve(name);
    }

    /** A name that no attempt has used before. */
    Path next(int attempt, int step) {
        try {
            return Files.createDirectories(directory).resolve("attempt-" + attempt + "-step-" + step);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes every file but the newest; the caller holds the lease. */
    void keepOnly(Path newest) {
        try {
            List<Path> files;
            try (Stream<Path> listed = Files.list(directory)) {
                files = listed.filter(file -> !file.equals(newest)).toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void deleteAll() {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
