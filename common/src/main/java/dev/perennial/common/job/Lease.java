package dev.perennial.common.job;

import dev.perennial.common.database.ServiceSchema;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The right to work on a job, held by one attempt. A newer attempt takes it away; from then on every {@link #fence},
 * {@link #inTransaction} and {@link #finish} of the older one throws {@link LeaseLostException} and changes nothing.
 */
public final class Lease {
    private final ServiceSchema schema;
    private final String kind;
    private final String jobId;
    private final int attempt;

    Lease(ServiceSchema schema, String kind, String jobId, int attempt) {
        this.schema = schema;
        this.kind = kind;
        this.jobId = jobId;
        this.attempt = attempt;
    }

    public String jobId() {
        return jobId;
    }

    /** The fencing number: 1 for the first attempt, growing with every take-over or retry. */
    public int attempt() {
        return attempt;
    }

    /** Cheap look whether the lease is still held, for loops between checkpoints. */
    public void check() {
        if (!schema.jdbc()
                .sql(held(""))
                .params(kind, jobId, attempt)
                .query()
                .listOfRows()
                .isEmpty()) {
            return;
        }
        throw new LeaseLostException(kind, jobId, attempt);
    }

    /** Holds the lease for the rest of the current transaction. */
    public void fence() {
        if (schema.jdbc()
                .sql(held(" for update"))
                .params(kind, jobId, attempt)
                .query()
                .listOfRows()
                .isEmpty()) {
            throw new LeaseLostException(kind, jobId, attempt);
        }
    }

    /** Runs a change of state in a transaction that only the holder can commit. */
    public <T> T inTransaction(Supplier<T> change) {
        T result = schema.transactions().execute(status -> {
            fence();
            return change.get();
        });
        return Objects.requireNonNull(result);
    }

    /** Ends the job: the change and the end commit together, once. */
    public void finish(Runnable change) {
        schema.transactions().executeWithoutResult(status -> {
            fence();
            change.run();
            schema.jdbc()
                    .sql(schema.sql("update $schema.lease set finished = now() where kind = ? and job_id = ?"))
                    .params(kind, jobId)
                    .update();
        });
    }

    /** Counts a fault that does not pass by itself, and says how many there were. */
    int defect() {
        return schema.jdbc()
                .sql(schema.sql("""
                        update $schema.lease set defects = defects + 1
                        where kind = ? and job_id = ? and attempt = ? and finished is null returning defects
                        """))
                .params(kind, jobId, attempt)
                .query(Integer.class)
                .optional()
                .orElseThrow(() -> new LeaseLostException(kind, jobId, attempt));
    }

    /** Ends the job without a result, if {@link #finish} did not already end it. */
    void close() {
        schema.jdbc().sql(schema.sql("""
                        update $schema.lease set finished = now()
                        where kind = ? and job_id = ? and attempt = ? and finished is null
                        """)).params(kind, jobId, attempt).update();
    }

    private String held(String lock) {
        return schema.sql(
                "select 1 from $schema.lease where kind = ? and job_id = ? and attempt = ? and finished is null"
                        + lock);
    }
}
