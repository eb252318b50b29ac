package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class SharedServersIT {
    @Test
    void gives_every_caller_a_database_of_its_own() throws Exception {
        String first = TestInfrastructure.createDatabase();
        String second = TestInfrastructure.createDatabase();

        execute(first, "create table only_in_first(id int)");
        execute(second, "create table only_in_first(id int)");

        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void gives_a_fresh_broker_without_the_topics_of_the_shared_one() throws Exception {
        createTopic(TestInfrastructure.bootstrapServers(), "shared");

        try (TestBroker fresh = TestInfrastructure.freshBroker()) {
            assertThat(topics(TestInfrastructure.bootstrapServers())).contains("shared");
            assertThat(topics(fresh.bootstrapServers())).isEmpty();
        }
    }

    private static void execute(String url, String sql) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(url, TestInfrastructure.USER, TestInfrastructure.PASSWORD);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void createTopic(String bootstrapServers, String name) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    private static Set<String> topics(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listTopics().names().get();
        }
    }
}
