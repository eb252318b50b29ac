package dev.perennial.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL's own note of who serves a data directory.
 *
 * @param pid process id of the postmaster that wrote the file
 * @param startedAt when it started, to the second
 */
record PostmasterFile(long pid, Instant startedAt) {
    static final String FILE_NAME = "postmaster.pid";

    /** A process id that was handed out again belongs to a process that started at another time. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(5);

    static Optional<PostmasterFile> read(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Lines: process id, data directory, start in epoch seconds, port, and more; a file cut short by a crash is empty. */
    static Optional<PostmasterFile> parse(List<String> lines) {
        if (lines.size() < 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PostmasterFile(
                    Long.parseLong(lines.get(0).strip()),
                    Instant.ofEpochSecond(Long.parseLong(lines.get(2).strip()))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The postmaster, when that very process is still alive. */
    Optional<ProcessHandle> liveProcess() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> Duration.between(start, startedAt).abs().compareTo(START_TOLERANCE) < 0)
                        .orElse(false));
    }
}
