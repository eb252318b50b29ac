package dev.perennial.common;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.embedded.TestInfrastructure;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A migrated schema in a database of the test's own. */
public final class Plumbing {
    private Plumbing() {}

    public static ServiceSchema schema() {
        DataSource dataSource = new DriverManagerDataSource(
                TestInfrastructure.createDatabase(), TestInfrastructure.USER, TestInfrastructure.PASSWORD);
        return ServiceSchema.migrate("probe", dataSource, new JdbcTransactionManager(dataSource));
    }
}
