package dev.perennial.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals to a postmaster, by its process id. */
final class Postmaster {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration FAST_SHUTDOWN = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE_SHUTDOWN = Duration.ofSeconds(10);

    private Postmaster() {}

    /**
     * Stops the server: first "fast" (open transactions are rolled back, a checkpoint is written), then "immediate"
     * (the next start recovers from the log), so that nothing committed is lost either way.
     *
     * @throws EmbeddedServerException when the process outlives both
     */
    static void stop(ProcessHandle postmaster) {
        signal(postmaster, "INT");
        if (exits(postmaster, FAST_SHUTDOWN)) {
            return;
        }
        LOG.warn("PostgreSQL did not stop in time, stopping it at once pid={}", postmaster.pid());
        signal(postmaster, "QUIT");
        if (!exits(postmaster, IMMEDIATE_SHUTDOWN)) {
            throw new EmbeddedServerException(
                    "PostgreSQL process " + postmaster.pid() + " does not stop: stop it by hand.");
        }
    }

    /** Java can send SIGTERM and SIGKILL only; PostgreSQL's fast and immediate shutdown are SIGINT and SIGQUIT. */
    private static void signal(ProcessHandle process, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot signal PostgreSQL process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while stopping PostgreSQL", e);
        }
    }

    private static boolean exits(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new EmbeddedServerException("Cannot wait for PostgreSQL process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while stopping PostgreSQL", e);
        }
    }
}
