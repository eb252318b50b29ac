package dev.perennial.common.job;

/**
 * Does one kind of job. It may be called again for the same job after a crash or a fault, with a higher attempt, and
 * carries on from its last checkpoint. It calls {@link Lease#finish} with its result; a job whose handler returns
 * without that is finished without one. Whatever it throws is tried again with back-off, without limit unless the
 * service said how to give such a job up: what can never succeed it records as failed through {@link Lease#finish}.
 */
@FunctionalInterface
public interface JobHandler {
    void run(Lease lease) throws Exception;
}
