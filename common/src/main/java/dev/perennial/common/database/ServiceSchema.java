package dev.perennial.common.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A service's own PostgreSQL schema, migrated. Having one in hand means that its tables exist.
 *
 * <p>Migrations come from {@code db/plumbing} (outbox, leases, catalogue: the same tables in every schema, versions
 * below 1000) and {@code db/<name>} (versions from 1000). Every statement of the service names its schema.
 */
public final class ServiceSchema {
    private final String name;
    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    private ServiceSchema(String name, DataSource dataSource, PlatformTransactionManager manager) {
        this.name = name;
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.transactions = new TransactionTemplate(manager);
    }

    /** Creates or upgrades the schema and returns it. */
    public static ServiceSchema migrate(String name, DataSource dataSource, PlatformTransactionManager manager) {
        Flyway.configure(ServiceSchema.class.getClassLoader())
                .dataSource(dataSource)
                .schemas(name)
                .defaultSchema(name)
                .locations("classpath:db/plumbing", "classpath:db/" + name)
                .outOfOrder(true)
                .load()
                .migrate();
        return new ServiceSchema(name, dataSource, manager);
    }

    public String name() {
        return name;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    public JdbcClient jdbc() {
        return jdbc;
    }

    public TransactionTemplate transactions() {
        return transactions;
    }

    /** Puts the schema's name where plumbing SQL says {@code $schema}. */
    public String sql(String statement) {
        return statement.replace("$schema", name);
    }
}
