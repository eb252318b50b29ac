package dev.perennial.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that a killed server left behind. Only the holder of the data directory's lock may stop them: the lock is
 * the proof that no live JVM wants them.
 */
final class PostgresLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLeftovers.class);

    private static final Duration KILL = Duration.ofSeconds(10);

    private PostgresLeftovers() {}

    static void stop(Path cluster) {
        PostmasterFile.read(cluster).flatMap(PostmasterFile::liveProcess).ifPresent(postmaster -> {
            LOG.info("Stopping the PostgreSQL that a killed process left behind pid={}", postmaster.pid());
            Postmaster.stop(postmaster);
        });
        stopBackends(cluster);
    }

    /**
     * A killed postmaster's busy backends go on until their statement ends, and as long no new postmaster may start.
     * Nothing they still do can be committed, so nothing is lost with them.
     */
    private static void stopBackends(Path cluster) {
        List<ProcessHandle> backends = ProcessHandle.allProcesses()
                .filter(process -> worksIn(process, cluster))
                .toList();
        for (ProcessHandle backend : backends) {
            LOG.info("Killing a session of the PostgreSQL that was killed before pid={}", backend.pid());
            backend.destroyForcibly();
        }
        backends.forEach(PostgresLeftovers::awaitEnd);
    }

    private static void awaitEnd(ProcessHandle backend) {
        try {
            if (!Postmaster.ends(backend, KILL)) {
                throw new EmbeddedServerException("PostgreSQL process " + backend.pid() + " cannot be killed.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while killing PostgreSQL process " + backend.pid(), e);
        }
    }

    /** Every PostgreSQL process has its cluster as working directory; where there is no {@code /proc} none is found. */
    private static boolean worksIn(ProcessHandle process, Path cluster) {
        try {
            return process.pid() != ProcessHandle.current().pid()
                    && process.info()
                            .command()
                            .map(Path::of)
                            .map(Path::getFileName)
                            .filter(Path.of("postgres")::equals)
                            .isPresent()
                    && Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                            .equals(cluster);
        } catch (IOException e) {
            return false; // it has just ended, or belongs to somebody else
        }
    }
}
