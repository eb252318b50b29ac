package dev.perennial.common.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.common.Plumbing;
import dev.perennial.common.database.ServiceSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.TransientDataAccessResourceException;

class JobsIT {
    private static final JobSettings QUICK = new JobSettings(Duration.ofMillis(200), Duration.ofMillis(50));

    private final ServiceSchema schema = Plumbing.schema();
    private final List<Jobs> started = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopAll() {
        started.forEach(Jobs::stop);
    }

    @Test
    void a_job_runs_once_however_often_it_is_submitted() throws Exception {
        BlockingQueue<String> runs = new ArrayBlockingQueue<>(10);
        Jobs jobs = start(Jobs.of(schema, QUICK).handle("probe", lease -> runs.add(lease.jobId())));

        jobs.submit("probe", "one");
        jobs.submit("probe", "one");
        assertThat(runs.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
        jobs.submit("probe", "one");
        jobs.submit("probe", "two");

        assertThat(runs.poll(10, TimeUnit.SECONDS)).isEqualTo("two");
        assertThat(runs).isEmpty();
    }

    @Test
    void a_job_submitted_in_a_rolled_back_transaction_never_runs() throws Exception {
        BlockingQueue<String> runs = new ArrayBlockingQueue<>(10);
        Jobs jobs = start(Jobs.of(schema, QUICK).handle("probe", lease -> runs.add(lease.jobId())));

        schema.transactions().executeWithoutResult(status -> {
            jobs.submit("probe", "undone");
            status.setRollbackOnly();
        });
        jobs.submit("probe", "done");

        assertThat(runs.poll(10, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(runs).isEmpty();
    }

    @Test
    void a_fault_is_tried_again_with_a_higher_attempt() throws Exception {
        BlockingQueue<Integer> attempts = new ArrayBlockingQueue<>(10);
        Jobs jobs = start(Jobs.of(schema, QUICK).handle("probe", lease -> {
            attempts.add(lease.attempt());
            if (lease.attempt() == 1) {
                throw new TransientDataAccessResourceException("away for a moment");
            }
        }));

        jobs.submit("probe", "one");

        assertThat(attempts.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(attempts.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void a_job_is_given_up_with_the_reason_after_three_defects_but_infrastructure_may_stay_away() throws Exception {
        BlockingQueue<Integer> attempts = new ArrayBlockingQueue<>(10);
        BlockingQueue<String> reasons = new ArrayBlockingQueue<>(10);
        Jobs jobs = start(Jobs.of(schema, QUICK)
                .handle(
                        "probe",
                        lease -> {
                            attempts.add(lease.attempt());
                            if (lease.attempt() == 2) {
                                throw new TransientDataAccessResourceException("away for a moment");
                            }
                            throw new IllegalArgumentException("no such thing");
                        },
                        (lease, reason) -> {
                            lease.finish(() -> {});
                            reasons.add(reason);
                        }));

        jobs.submit("probe", "one");

        assertThat(reasons.poll(30, TimeUnit.SECONDS))
                .isEqualTo("failed 3 times: IllegalArgumentException: no such thing");
        assertThat(attempts).containsExactly(1, 2, 3, 4);
        assertThat(schema.jdbc()
                        .sql("select finished is not null from probe.lease where job_id = 'one'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void only_the_newest_attempt_can_change_anything() {
        schema.jdbc()
                .sql("insert into probe.lease (kind, job_id, attempt) values ('probe', 'one', 2)")
                .update();
        Lease stale = new Lease(schema, "probe", "one", 1);
        Lease held = new Lease(schema, "probe", "one", 2);
        AtomicInteger effects = new AtomicInteger();

        assertThatThrownBy(stale::check).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> stale.inTransaction(effects::incrementAndGet)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> stale.finish(effects::incrementAndGet)).isInstanceOf(LeaseLostException.class);
        assertThat(effects).hasValue(0);

        held.finish(effects::incrementAndGet);
        assertThat(effects).hasValue(1);
        assertThatThrownBy(() -> held.finish(effects::incrementAndGet)).isInstanceOf(LeaseLostException.class);
        assertThat(effects).hasValue(1);
    }

    @Test
    void the_job_of_a_worker_that_fell_silent_is_taken_over_and_the_silent_one_is_fenced() throws Exception {
        CountDownLatch firstRuns = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        BlockingQueue<String> outcomes = new ArrayBlockingQueue<>(10);
        JobHandler handler = lease -> {
            if (lease.attempt() == 1) {
                schema.jdbc()
                        .sql(
                                "update probe.scheduled_tasks set last_heartbeat = now() - interval '1 hour', picked_by = 'gone'")
                        .update();
                firstRuns.countDown();
                wake.await();
            }
            try {
                lease.finish(() -> outcomes.add("finished by " + lease.attempt()));
            } catch (LeaseLostException e) {
                outcomes.add("fenced " + lease.attempt());
                throw e;
            }
        };
        Jobs first = start(Jobs.of(schema, new JobSettings(Duration.ofHours(1), Duration.ofMillis(50)))
                .handle("probe", handler));
        first.submit("probe", "one");
        assertThat(firstRuns.await(10, TimeUnit.SECONDS)).isTrue();

        start(Jobs.of(schema, QUICK).handle("probe", handler));

        assertThat(outcomes.poll(20, TimeUnit.SECONDS)).isEqualTo("finished by 2");
        wake.countDown();
        assertThat(outcomes.poll(10, TimeUnit.SECONDS)).isEqualTo("fenced 1");
    }

    private Jobs start(Jobs.Builder builder) {
        Jobs jobs = builder.build();
        started.add(jobs);
        jobs.start();
        return jobs;
    }
}
