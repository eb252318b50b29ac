package dev.perennial.common.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * A service's long work. A submitted job runs on one worker at a time; when its worker dies, another takes it over
 * after four missed heartbeats.
 */
public final class Jobs implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Jobs.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /** A fault of the program that came back this often is no accident. */
    private static final int MAX_DEFECTS = 3;

    private final ServiceSchema schema;
    private final Scheduler scheduler;
    private volatile boolean running;

    private Jobs(ServiceSchema schema, JobSettings settings, Builder parts) {
        this.schema = schema;
        SchedulerBuilder builder = Scheduler.create(
                        new TransactionAwareDataSourceProxy(schema.dataSource()), parts.tasks)
                .tableName(schema.name() + ".scheduled_tasks")
                .threads(parts.threads)
                .heartbeatInterval(settings.heartbeat())
                .missedHeartbeatsLimit(JobSettings.MISSED_HEARTBEATS)
                .pollingInterval(settings.polling())
                .shutdownMaxWait(Duration.ofSeconds(5))
                // Told below: a defect with its trace, what passes by itself in a line.
                .failureLogging(LogLevel.DEBUG, true)
                .enableImmediateExecution();
        this.scheduler = parts.recurring.isEmpty()
                ? builder.build()
                : builder.startTasks(parts.recurring).build();
    }

    public static Builder of(ServiceSchema schema, JobSettings settings) {
        return new Builder(schema, settings);
    }

    /** Says which kinds of job a service does. */
    public static final class Builder {
        private final ServiceSchema schema;
        private final JobSettings settings;
        private final List<Task<?>> tasks = new ArrayList<>();
        private final List<RecurringTask<?>> recurring = new ArrayList<>();
        private int threads = 1;

        private Builder(ServiceSchema schema, JobSettings settings) {
            this.schema = schema;
            this.settings = settings;
        }

        /** Jobs of this kind are done by this handler. */
        public Builder handle(String kind, JobHandler handler) {
            return handle(kind, handler, null);
        }

        /**
         * The same, but not for ever: a job whose handler failed three times for another reason than infrastructure that
         * was away is given up.
         *
         * @param end ends such a job through {@link Lease#finish}, with a reason in words
         */
        public Builder handle(String kind, JobHandler handler, @Nullable BiConsumer<Lease, String> end) {
            tasks.add(Tasks.oneTime(kind, Void.class)
                    .onFailure((complete, operations) -> retry(kind, complete, operations))
                    .execute((instance, context) -> attempt(schema, kind, instance, handler, end)));
            return this;
        }

        /** Runs again and again on one worker of the cluster, {@code pause} after it last ended. */
        public Builder repeat(String name, Duration pause, Runnable work) {
            recurring.add(Tasks.recurring(name, FixedDelay.of(pause)).execute((instance, context) -> work.run()));
            return this;
        }

        /** How many jobs this process does at once; 1 unless said otherwise, plus one for recurring work. */
        public Builder threads(int count) {
            this.threads = count;
            return this;
        }

        public Jobs build() {
            threads += recurring.isEmpty() ? 0 : 1;
            return new Jobs(schema, settings, this);
        }
    }

    /**
     * Submits a job, in the current transaction if there is one. A job id that was submitted before, even one that has
     * ended, is not started again.
     */
    public void submit(String kind, String jobId) {
        int added = schema.jdbc()
                .sql(schema.sql("insert into $schema.lease (kind, job_id) values (?, ?) on conflict do nothing"))
                .params(kind, jobId)
                .update();
        if (added == 1) {
            client().scheduleIfNotExists(new TaskInstance<>(kind, jobId), Instant.now());
        }
    }

    private SchedulerClient client() {
        return scheduler;
    }

    private static void attempt(
            ServiceSchema schema,
            String kind,
            TaskInstance<Void> instance,
            JobHandler handler,
            @Nullable BiConsumer<Lease, String> end) {
        Optional<Integer> attempt = schema.jdbc()
                .sql(schema.sql("""
                        update $schema.lease set attempt = attempt + 1
                        where kind = ? and job_id = ? and finished is null returning attempt
                        """))
                .params(kind, instance.getId())
                .query(Integer.class)
                .optional();
        if (attempt.isEmpty()) {
            return;
        }
        Lease lease = new Lease(schema, kind, instance.getId(), attempt.get());
        try {
            run(lease, handler, end);
            lease.close();
        } catch (LeaseLostException e) {
            log.warn("job.fenced kind={} job={} attempt={}", kind, instance.getId(), attempt.get());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Lease lease, JobHandler handler, @Nullable BiConsumer<Lease, String> end) throws Exception {
        try {
            handler.run(lease);
        } catch (LeaseLostException | InterruptedException e) {
            throw e;
        } catch (Exception | Error e) {
            if (end == null || Faults.isInfrastructure(e) || lease.defect() < MAX_DEFECTS) {
                throw e;
            }
            log.error("job.given.up job={} attempt={}", lease.jobId(), lease.attempt(), e);
            end.accept(lease, "failed " + MAX_DEFECTS + " times: " + Faults.describe(e));
        }
    }

    private static void retry(String kind, ExecutionComplete complete, ExecutionOperations<Void> operations) {
        int failures = complete.getExecution().consecutiveFailures;
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 5));
        Duration capped = pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
        complete.getCause()
                .filter(cause -> !Faults.isInfrastructure(cause))
                .ifPresent(cause -> log.error("job.defect kind={} job={}", kind, id(complete), cause));
        log.warn(
                "job.retried kind={} job={} failures={} pause={} cause={}",
                kind,
                id(complete),
                failures + 1,
                capped,
                complete.getCause().map(Throwable::getMessage).orElse("unknown"));
        operations.reschedule(complete, Instant.now().plus(capped));
    }

    private static String id(ExecutionComplete complete) {
        return complete.getExecution().taskInstance.getId();
    }

    @Override
    public void start() {
        running = true;
        scheduler.start();
    }

    @Override
    public void stop() {
        running = false;
        scheduler.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
