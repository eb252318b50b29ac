package dev.perennial.embedded;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** PostgreSQL and Kafka for one server process, started side by side over one data directory. */
public final class EmbeddedInfrastructure implements AutoCloseable {
    private final PostgresServer postgres;
    private final KafkaServer kafka;

    private EmbeddedInfrastructure(PostgresServer postgres, KafkaServer kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    /**
     * Starts both, or neither.
     *
     * @param dataDirectory holds {@code postgres} and {@code kafka}; created on first use
     * @throws EmbeddedServerException with the first problem, after whatever had started was stopped again
     */
    public static EmbeddedInfrastructure start(Path dataDirectory, Ports ports) {
        CompletableFuture<PostgresServer> postgres = startAsync(
                "start-postgres", () -> PostgresServer.start(dataDirectory.resolve("postgres"), ports.postgres()));
        CompletableFuture<KafkaServer> kafka =
                startAsync("start-kafka", () -> KafkaServer.start(dataDirectory.resolve("kafka"), ports.kafka()));
        try {
            CompletableFuture.allOf(postgres, kafka).join();
            return new EmbeddedInfrastructure(postgres.join(), kafka.join());
        } catch (CompletionException e) {
            closeStarted(kafka);
            closeStarted(postgres);
            throw e.getCause() instanceof EmbeddedServerException known
                    ? known
                    : new EmbeddedServerException("Cannot start the embedded servers in " + dataDirectory, e);
        }
    }

    /** JDBC URL of the default database. */
    public String jdbcUrl() {
        return postgres.jdbcUrl("postgres");
    }

    /** The database user; no password is asked for on loopback. */
    public String user() {
        return postgres.user();
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Stops the broker, then the database. Stop whatever uses them first. */
    @Override
    public void close() {
        try {
            kafka.close();
        } finally {
            postgres.close();
        }
    }

    private interface Starter<T> {
        T start();
    }

    /** A thread of its own each: both block for seconds, which the common pool is not for. */
    private static <T> CompletableFuture<T> startAsync(String threadName, Starter<T> starter) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(threadName).start(() -> {
            try {
                result.complete(starter.start());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static void closeStarted(CompletableFuture<? extends AutoCloseable> server) {
        if (!server.isCompletedExceptionally()) {
            try {
                server.join().close();
            } catch (Exception e) {
                throw new EmbeddedServerException("Cannot stop an embedded server again: " + e.getMessage(), e);
            }
        }
    }
}
