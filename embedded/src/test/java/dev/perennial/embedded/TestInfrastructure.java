package dev.perennial.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * PostgreSQL and Kafka for integration tests, one of each per JVM, started when first asked for and stopped with the
 * JVM. {@code -Dperennial.infrastructure=containers} takes them from Testcontainers instead of embedding them.
 */
public final class TestInfrastructure {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestInfrastructure() {}

    /** The database user everywhere here; its password is {@link #PASSWORD}. */
    public static final String USER = "postgres";

    /** Ignored by the embedded server, asked for by the container. */
    public static final String PASSWORD = "postgres";

    /** Creates an empty database that no other test uses and returns its JDBC URL. */
    public static String createDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(postgres().jdbcUrl("postgres"), USER, PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
        return postgres().jdbcUrl(name);
    }

    /** Bootstrap servers of the broker that all tests of this JVM share: use topics and groups of your own. */
    public static String bootstrapServers() {
        return SharedBroker.INSTANCE.bootstrapServers();
    }

    /** An empty broker for one test class whose topic names are fixed; stopped with the JVM when not closed before. */
    public static TestBroker freshBroker() {
        return TestServers.SELECTED.startBroker();
    }

    private static TestDatabaseServer postgres() {
        return SharedPostgres.INSTANCE;
    }

    /** Started on first access; a test that needs no database never waits for one. */
    private static final class SharedPostgres {
        static final TestDatabaseServer INSTANCE = TestServers.SELECTED.startDatabaseServer();
    }

    private static final class SharedBroker {
        static final TestBroker INSTANCE = TestServers.SELECTED.startBroker();
    }
}
