package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {
    @TempDir
    Path directory;

    @Test
    void runs_durable_and_on_loopback_only_whatever_the_defaults_of_the_binaries_are() throws Exception {
        try (PostgresServer server = PostgresServer.start(directory, 0)) {
            String url = server.jdbcUrl("postgres");

            assertThat(query(url, "show fsync")).isEqualTo("on");
            assertThat(query(url, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(url, "show full_page_writes")).isEqualTo("on");
            assertThat(query(url, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(url, "show server_version")).startsWith("18.");
        }
    }

    @Test
    void keeps_its_data_when_it_is_stopped_and_started_again() throws Exception {
        try (PostgresServer server = PostgresServer.start(directory, 0)) {
            execute(server.jdbcUrl("postgres"), "create table kept as select 42 as answer");
        }

        try (PostgresServer server = PostgresServer.start(directory, 0)) {
            assertThat(query(server.jdbcUrl("postgres"), "select answer from kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void replaces_a_postmaster_that_outlived_its_killed_jvm_and_loses_no_commit() throws Exception {
        ChildJvm jvm = ChildJvm.start(DatabaseProcess.class, directory);
        execute(jvm.address(), "create table kept as select 42 as answer");
        jvm.kill();
        ProcessHandle orphan = postmaster();

        try (PostgresServer server = PostgresServer.start(directory, 0)) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(query(server.jdbcUrl("postgres"), "select answer from kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void recovers_from_a_kill_of_jvm_and_postmaster_while_a_session_is_busy() throws Exception {
        ChildJvm jvm = ChildJvm.start(DatabaseProcess.class, directory);
        try (Connection open = DriverManager.getConnection(jvm.address(), "postgres", "");
                Statement statement = open.createStatement()) {
            statement.execute("create table kept as select 42 as answer");
            ProcessHandle postmaster = postmaster();
            Thread busy = Thread.ofVirtual().start(() -> runUntilKilled(open));
            awaitBusySession(jvm.address());
            jvm.kill();
            postmaster.destroyForcibly();
            postmaster.onExit().join();

            try (PostgresServer server = PostgresServer.start(directory, 0)) {
                assertThat(query(server.jdbcUrl("postgres"), "select answer from kept"))
                        .isEqualTo("42");
            }
            busy.join();
        }
    }

    @Test
    void refuses_a_directory_that_another_live_jvm_owns_in_one_line() throws Exception {
        try (ChildJvm _ = ChildJvm.start(DatabaseProcess.class, directory)) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> PostgresServer.start(directory, 0))
                    .withMessageMatching("Data directory \\S+ is in use by process \\d+: [^\n]+");
        }
    }

    @Test
    void says_in_one_line_why_the_process_does_not_start() {
        try (PostgresServer _ = PostgresServer.start(directory, 0)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> ChildJvm.start(DatabaseProcess.class, directory))
                    .withMessageMatching("Data directory \\S+ is in use by process \\d+: [^\n]+");
        }
    }

    @Test
    void refuses_a_port_that_is_taken_and_leaves_the_directory_free() {
        try (PostgresServer first = PostgresServer.start(directory.resolve("first"), 0)) {
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> PostgresServer.start(directory.resolve("second"), first.port()))
                    .withMessage("Port " + first.port() + " for PostgreSQL is taken: free it or choose another port.");
            DataDirectoryLock.acquire(directory.resolve("second")).close();
        }
    }

    private static void runUntilKilled(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select count(*) from generate_series(1, 10000000000) as busy");
            throw new AssertionError("the session ended by itself");
        } catch (SQLException expected) {
            assertThat(expected.getSQLState()).isEqualTo("08006"); // connection failure
        }
    }

    private static void awaitBusySession(String url) throws SQLException {
        while (query(
                        url,
                        "select count(*) from pg_stat_activity where query like '%generate_series%busy%' and pid <> pg_backend_pid()")
                .equals("0")) {
            Thread.onSpinWait();
        }
    }

    private ProcessHandle postmaster() {
        return PostmasterFile.read(directory.resolve("cluster"))
                .flatMap(PostmasterFile::liveProcess)
                .orElseThrow();
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
