package dev.perennial.embedded;

import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Servers in containers, for machines with Docker; Testcontainers removes them with the JVM. */
final class ContainerTestServers implements TestServers {
    @Override
    @SuppressWarnings("resource") // lives as long as the JVM; Testcontainers' reaper removes it
    public TestDatabaseServer startDatabaseServer() {
        PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:18")
                .withUsername(TestInfrastructure.USER)
                .withPassword(TestInfrastructure.PASSWORD)
                .withDatabaseName("postgres");
        postgres.start();
        return database ->
                "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432) + "/" + database;
    }

    @Override
    @SuppressWarnings("resource") // closed by the returned handle
    public TestBroker startBroker() {
        KafkaContainer kafka = new KafkaContainer("apache/kafka:4.2.1")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1");
        kafka.start();
        return new TestBroker() {
            @Override
            public String bootstrapServers() {
                return kafka.getBootstrapServers();
            }

            @Override
            public void close() {
                kafka.stop();
            }
        };
    }
}
