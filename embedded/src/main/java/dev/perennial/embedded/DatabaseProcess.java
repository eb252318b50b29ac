package dev.perennial.embedded;

/**
 * PostgreSQL as a process of its own: {@code --data DIRECTORY [--port NUMBER] [--owner PROCESS-ID]}. Prints
 * {@code ready JDBC-URL} when it serves.
 */
public final class DatabaseProcess {
    private DatabaseProcess() {}

    public static void main(String[] args) {
        ServerProcess.run(
                args,
                arguments -> PostgresServer.start(arguments.data(), arguments.port()),
                server -> server.jdbcUrl("postgres"));
    }
}
