package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedInfrastructureIT {
    @TempDir
    Path directory;

    @Test
    void serves_both_and_lets_go_of_both() throws Exception {
        try (EmbeddedInfrastructure infrastructure = EmbeddedInfrastructure.start(directory, Ports.free());
                Connection connection =
                        DriverManager.getConnection(infrastructure.jdbcUrl(), infrastructure.user(), "");
                Admin admin = Admin.create(Map.of("bootstrap.servers", infrastructure.bootstrapServers()))) {
            assertThat(connection.isValid(5)).isTrue();
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }

        DataDirectoryLock.acquire(directory.resolve("postgres")).close();
        DataDirectoryLock.acquire(directory.resolve("kafka")).close();
    }

    @Test
    void stops_the_one_that_started_when_the_other_cannot() {
        try (DataDirectoryLock _ = DataDirectoryLock.acquire(directory.resolve("kafka"))) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> EmbeddedInfrastructure.start(directory, Ports.free()))
                    .withMessageContaining("kafka is in use by process");
        }

        DataDirectoryLock.acquire(directory.resolve("postgres")).close();
    }
}
