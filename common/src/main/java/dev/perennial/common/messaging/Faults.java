package dev.perennial.common.messaging;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.apache.kafka.common.KafkaException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/** Tells what passes by itself (a broker, database or disk that is away) from what would fail again. */
public final class Faults {
    private Faults() {}

    /** Whether the same work may succeed later without anybody changing it. */
    public static boolean isInfrastructure(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof PoisonException) {
                return false;
            }
            if (passes(cause)) {
                return true;
            }
        }
        return false;
    }

    /** One line: the class and message of the innermost cause. */
    public static String describe(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    private static boolean passes(Throwable cause) {
        return switch (cause) {
            case DeliveryException e -> true;
            case TransientDataAccessException e -> true;
            case RecoverableDataAccessException e -> true;
            case DataAccessResourceFailureException e -> true;
            case TransactionException e -> true;
            case SQLTransientException e -> true;
            case SQLRecoverableException e -> true;
            case SQLNonTransientConnectionException e -> true;
            case SQLException e -> connectionOrShutdown(e);
            case KafkaException e -> true;
            case UncheckedIOException e -> true;
            case InterruptedIOException e -> true;
            default -> Thread.currentThread().isInterrupted();
        };
    }

    /** Classes 08 (connection), 53 (resources), 57P (shutdown) and 40 (serialization, deadlock) of SQLSTATE. */
    private static boolean connectionOrShutdown(SQLException e) {
        String state = e.getSQLState();
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57P")
                        || state.startsWith("40"));
    }
}
