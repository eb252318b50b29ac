package dev.perennial.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node Kafka broker (KRaft, broker and controller in one) inside this JVM, on loopback. The data directory
 * outlives the broker and can be opened again, also after a kill.
 */
public final class KafkaServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaServer.class);
    private static final String LOG_DIRECTORY = "log";

    private final DataDirectoryLock lock;
    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private KafkaServer(DataDirectoryLock lock, KafkaRaftServer server, int port) {
        this.lock = lock;
        this.server = server;
        this.port = port;
    }

    /**
     * Opens the data directory, formatting it on first use, and waits until the broker serves.
     *
     * @param dataDirectory owned by this broker alone while it runs
     * @param port loopback port, 0 for any free one
     * @throws EmbeddedServerException when a live process owns the directory, the port is taken or Kafka refuses
     */
    public static KafkaServer start(Path dataDirectory, int port) {
        DataDirectoryLock lock = DataDirectoryLock.acquire(dataDirectory);
        try {
            Path logDirectory = dataDirectory.toRealPath().resolve(LOG_DIRECTORY);
            int brokerPort = FreePort.claim("Kafka", port);
            Properties settings = KafkaSettings.of(logDirectory, brokerPort, FreePort.any());
            formatIfAbsent(logDirectory);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
            server.startup();
            LOG.info("Kafka is ready port={}", brokerPort);
            return new KafkaServer(lock, server, brokerPort);
        } catch (Exception e) {
            lock.close();
            throw e instanceof EmbeddedServerException known
                    ? known
                    : new EmbeddedServerException("Cannot start Kafka in " + dataDirectory + ": " + e.getMessage(), e);
        }
    }

    private static void formatIfAbsent(Path logDirectory) throws Exception {
        if (Files.exists(logDirectory.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(logDirectory);
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(KafkaSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(KafkaSettings.CONTROLLER_LISTENER)
                    .setMetadataLogDirectory(logDirectory.toString())
                    .addDirectory(logDirectory.toString())
                    .run();
        }
    }

    /** Value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker and releases the data directory; a second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            lock.close();
        }
    }
}
