package dev.perennial.embedded;

/** A running Kafka broker of a test. */
public interface TestBroker extends AutoCloseable {
    String bootstrapServers();

    @Override
    void close();
}
