package dev.perennial.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL as a child process of this JVM, on loopback, with durable settings: what was committed survives a kill of
 * any process. The data directory outlives the server and can be opened again.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final String USER = "postgres";
    static final String CLUSTER_DIRECTORY = "cluster";

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("fsync", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("shared_buffers", "512MB"),
            Map.entry("max_wal_size", "4GB"),
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "200"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"));

    private final DataDirectoryLock lock;
    private final Process postmaster;
    private final int port;

    private PostgresServer(DataDirectoryLock lock, Process postmaster, int port) {
        this.lock = lock;
        this.postmaster = postmaster;
        this.port = port;
    }

    /**
     * Opens the data directory, creating it on first use. A postmaster that outlived its killed JVM is stopped first.
     *
     * @param dataDirectory owned by this server alone while it runs
     * @param port loopback port, 0 for any free one
     * @throws EmbeddedServerException when a live process owns the directory, the port is taken or PostgreSQL refuses
     */
    public static PostgresServer start(Path dataDirectory, int port) {
        DataDirectoryLock lock = DataDirectoryLock.acquire(dataDirectory);
        try {
            Path cluster = dataDirectory.toRealPath().resolve(CLUSTER_DIRECTORY);
            PostgresLeftovers.stop(cluster);
            PostgresBinaries binaries = PostgresBinaries.unpacked();
            PostgresCluster.createIfAbsent(binaries, cluster);
            int actualPort = FreePort.claim("PostgreSQL", port);
            return new PostgresServer(lock, launch(binaries, cluster, actualPort), actualPort);
        } catch (IOException e) {
            lock.close();
            throw new EmbeddedServerException("Cannot start PostgreSQL in " + dataDirectory + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Process launch(PostgresBinaries binaries, Path cluster, int port) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(binaries.program("postgres"), "-D", cluster.toString(), "-p", Integer.toString(port)));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        Process postmaster = new ProcessBuilder(Unprivileged.command(command))
                .redirectErrorStream(true)
                .start();
        PostgresOutput output = PostgresOutput.follow(postmaster);
        if (!output.awaitReady()) {
            throw new EmbeddedServerException("PostgreSQL did not start in " + cluster + ": " + output.tail());
        }
        LOG.info("PostgreSQL is ready port={} pid={}", port, postmaster.pid());
        return postmaster;
    }

    /** JDBC URL of a database of this server; the user is {@link #user()}, no password is asked for on loopback. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public String user() {
        return USER;
    }

    public int port() {
        return port;
    }

    /** Process id of the postmaster. */
    public long pid() {
        return postmaster.pid();
    }

    /** Stops the server and releases the data directory; a second call does nothing. */
    @Override
    public void close() {
        try {
            if (postmaster.isAlive()) {
                Postmaster.stop(postmaster);
            }
        } finally {
            lock.close();
        }
    }
}
