package dev.perennial.benchmarks.pipeline;

import dev.perennial.standalone.server.StandaloneServer.Infrastructure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks into the tables when all samples have been scored and pooled. */
final class Arrivals {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Infrastructure infrastructure;
    private final String model;
    private volatile long scoredAt;
    private volatile long pooledAt;
    private volatile long accepted;
    private volatile @Nullable Exception failure;

    Arrivals(Infrastructure infrastructure, String model) {
        this.infrastructure = infrastructure;
        this.model = model;
    }

    /** The scorer must know the model before its first sample comes. */
    void awaitModel() throws InterruptedException {
        try (Connection database = connect()) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (count(database, "select count(*) from scorer.known_model where model = ?") == 0
                    || count(database, "select count(*) from scheduler.known_model where model = ?") == 0) {
                require(System.nanoTime() < deadline, "the model did not reach the services");
                Thread.sleep(PAUSE);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void watch(int samples) {
        try (Connection database = connect()) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (pooledAt == 0) {
                require(System.nanoTime() < deadline, "the samples did not arrive");
                look(database, samples);
                Thread.sleep(PAUSE);
            }
        } catch (SQLException | InterruptedException | IllegalStateException e) {
            failure = e;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(infrastructure.jdbcUrl(), infrastructure.user(), "");
    }

    private void look(Connection database, int samples) throws SQLException {
        if (scoredAt == 0 && count(database, SCORED) >= samples) {
            scoredAt = System.nanoTime();
        }
        if (scoredAt != 0 && count(database, POOLED) >= samples) {
            pooledAt = System.nanoTime();
            accepted = count(database, ACCEPTED);
        }
    }

    private static final String SCORED = "select coalesce(sum(samples), 0) from scorer.sample_count where model = ?";
    private static final String POOLED =
            "select coalesce(sum(real + synthetic + rejected), 0) from scheduler.pool where model = ?";
    private static final String ACCEPTED =
            "select coalesce(sum(real + synthetic), 0) from scheduler.pool where model = ?";

    private long count(Connection database, String sql) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            statement.setString(1, model);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what + " within " + PATIENCE.toMinutes() + " minutes");
        }
    }

    void throwIfFailed() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    long scoredAt() {
        return scoredAt;
    }

    long pooledAt() {
        return pooledAt;
    }

    long accepted() {
        return accepted;
    }
}
