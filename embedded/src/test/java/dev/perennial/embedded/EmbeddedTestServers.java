package dev.perennial.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Servers embedded in the test JVM, with their data under {@code target} until it ends. */
final class EmbeddedTestServers implements TestServers {
    private static final String POSTGRES = "postgres";

    private final Path directory;
    private final DataDirectoryLock lock;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private int brokers;

    EmbeddedTestServers() {
        try {
            Path parent = Files.createDirectories(
                    Path.of(System.getProperty("basedir", "."), "target", "test-infrastructure"));
            removeLeftovers(parent);
            directory = Files.createTempDirectory(parent, "jvm-");
            lock = DataDirectoryLock.acquire(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll, "stop-test-infrastructure"));
    }

    @Override
    public synchronized TestDatabaseServer startDatabaseServer() {
        PostgresServer postgres = PostgresServer.start(directory.resolve(POSTGRES), 0);
        running.push(postgres);
        return postgres::jdbcUrl;
    }

    @Override
    public synchronized TestBroker startBroker() {
        KafkaServer kafka = KafkaServer.start(directory.resolve("kafka-" + ++brokers), 0);
        running.push(kafka);
        return new TestBroker() {
            @Override
            public String bootstrapServers() {
                return kafka.bootstrapServers();
            }

            @Override
            public void close() {
                kafka.close();
            }
        };
    }

    private synchronized void stopAll() {
        for (AutoCloseable server : running) {
            try {
                server.close();
            } catch (Exception e) {
                System.err.println("test server did not stop: " + e);
            }
        }
        lock.close();
        deleteQuietly(directory);
    }

    /** A killed test JVM leaves its postmaster and data behind; directories of JVMs that still run stay locked. */
    private static void removeLeftovers(Path parent) throws IOException {
        List<Path> directories;
        try (Stream<Path> children = Files.list(parent)) {
            directories = children.toList();
        }
        for (Path child : directories) {
            try (DataDirectoryLock _ = DataDirectoryLock.acquire(child)) {
                PostgresLeftovers.stop(child.resolve(POSTGRES).resolve(PostgresServer.CLUSTER_DIRECTORY));
                deleteQuietly(child);
            } catch (EmbeddedServerException e) {
                System.err.println("left as it is: " + e.getMessage());
            }
        }
    }

    private static void deleteQuietly(Path path) {
        try {
            Directories.delete(path);
        } catch (IOException e) {
            System.err.println("cannot delete " + path + ": " + e);
        }
    }
}
