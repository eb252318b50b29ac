package dev.perennial.embedded;

/** A running PostgreSQL of the tests. */
interface TestDatabaseServer {
    String jdbcUrl(String database);
}
