package dev.perennial.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows what the postmaster prints: tells when it is ready, passes problems on to the log, keeps the end for error messages. */
final class PostgresOutput {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresOutput.class);
    private static final int KEPT_LINES = 20;

    private final Deque<String> tail = new ArrayDeque<>();
    private final CountDownLatch readyOrEnded = new CountDownLatch(1);
    private volatile boolean ready;

    static PostgresOutput follow(Process postmaster) {
        PostgresOutput output = new PostgresOutput();
        Thread.ofPlatform().daemon().name("postgres-output").start(() -> output.read(postmaster));
        return output;
    }

    /** Blocks until the server accepts connections or has ended; true when it accepts them. */
    boolean awaitReady() {
        try {
            readyOrEnded.await();
            return ready;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while PostgreSQL was starting", e);
        }
    }

    String tail() {
        synchronized (tail) {
            return String.join(" | ", tail);
        }
    }

    private void read(Process postmaster) {
        try (BufferedReader reader = postmaster.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                accept(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            readyOrEnded.countDown();
        }
    }

    private void accept(String line) {
        synchronized (tail) {
            if (tail.size() == KEPT_LINES) {
                tail.removeFirst();
            }
            tail.addLast(line);
        }
        if (line.contains("PANIC: ")) {
            LOG.error("PostgreSQL: {}", line);
        } else {
            LOG.debug("PostgreSQL: {}", line);
        }
        if (line.endsWith("database system is ready to accept connections")) {
            ready = true;
            readyOrEnded.countDown();
        }
    }
}
