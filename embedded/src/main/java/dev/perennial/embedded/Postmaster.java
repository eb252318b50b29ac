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

    private interface Exit {
        boolean within(Duration limit) throws InterruptedException;
    }

    /**
     * Stops a server that this JVM started. Its end is taken from {@link Process#waitFor}: {@code onExit} would wait for
     * the output pipe too, which a busy session keeps open.
     */
    static void stop(Process postmaster) {
        stop(postmaster.pid(), postmaster::waitFor);
    }

    /** Stops a server that another JVM left behind. */
    static void stop(ProcessHandle postmaster) {
        stop(postmaster.pid(), limit -> ends(postmaster, limit));
    }

    /**
     * First "fast" (open transactions are rolled back, a checkpoint is written), then "immediate" (the next start
     * recovers from the log); nothing committed is lost either way.
     *
     * @throws EmbeddedServerException when the process outlives both
     */
    private static void stop(long pid, Exit exit) {
        try {
            signal(pid, "INT");
            if (exit.within(FAST_SHUTDOWN)) {
                return;
            }
            LOG.warn("PostgreSQL did not stop in time, stopping it at once pid={}", pid);
            signal(pid, "QUIT");
            if (!exit.within(IMMEDIATE_SHUTDOWN)) {
                throw new EmbeddedServerException("PostgreSQL process " + pid + " does not stop: stop it by hand.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while stopping PostgreSQL process " + pid, e);
        }
    }

    static boolean ends(ProcessHandle process, Duration limit) throws InterruptedException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new EmbeddedServerException("Cannot wait for process " + process.pid(), e);
        }
    }

    /** Java can send SIGTERM and SIGKILL only; PostgreSQL's fast and immediate shutdown are SIGINT and SIGQUIT. */
    private static void signal(long pid, String signal) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot signal PostgreSQL process " + pid, e);
        }
    }
}
