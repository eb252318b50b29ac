package dev.perennial.common.job;

/** Another attempt holds the job's lease now; this one must stop and leave everything as it is. */
public final class LeaseLostException extends RuntimeException {
    LeaseLostException(String kind, String jobId, int attempt) {
        super("attempt " + attempt + " of " + kind + " " + jobId + " no longer holds its lease");
    }
}
