package dev.perennial.registry.gateway;

import dev.perennial.common.messaging.Faults;
import dev.perennial.common.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;

/**
 * The answers that were given. They are written behind the caller's back, a moment later and many at a time; a
 * full queue holds callers up, so that nothing is lost while the database is away. Until an answer is written it is found
 * in memory.
 */
public final class Predictions implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Predictions.class);
    private static final int MAX_BATCH = 500;
    private static final long GATHER_MILLIS = 25;
    private static final long IDLE_MILLIS = 200;
    private static final long FAULT_MILLIS = 500;

    private final PredictionStore store;
    private final BlockingQueue<Traffic> queue;
    private final Duration patience;
    private final Map<String, Prediction> unwritten = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread writer;

    Predictions(PredictionStore store, int capacity, Duration patience) {
        this.store = store;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.patience = patience;
    }

    /**
     * Takes what a request leaves behind.
     *
     * @throws ProblemException when there is no room and none appears in time
     */
    void record(Traffic traffic) {
        traffic.predictions().forEach(given -> unwritten.put(given.requestId(), given));
        try {
            if (queue.offer(traffic, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        traffic.predictions().forEach(given -> unwritten.remove(given.requestId()));
        throw new ProblemException(
                HttpStatus.SERVICE_UNAVAILABLE,
                "records-behind",
                "Answers cannot be recorded at the moment because the database does not keep up; try again shortly.");
    }

    /** Those of the answers that are known, by request id. */
    public Map<String, Prediction> find(Collection<String> requestIds) {
        Map<String, Prediction> found = new HashMap<>();
        Set<String> written = new HashSet<>();
        for (String requestId : requestIds) {
            Prediction given = unwritten.get(requestId);
            if (given == null) {
                written.add(requestId);
            } else {
                found.put(requestId, given);
            }
        }
        if (!written.isEmpty()) {
            store.find(written).forEach(given -> found.put(given.requestId(), given));
        }
        return found;
    }

    private void run() {
        List<Traffic> batch = new ArrayList<>(MAX_BATCH);
        try {
            while (stopping.getCount() > 0 || !queue.isEmpty()) {
                gather(batch);
                if (!batch.isEmpty() && write(batch)) {
                    batch.forEach(this::forget);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a first one, then a moment for more; what a fault left over comes first. */
    private void gather(List<Traffic> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            Traffic first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            batch.add(first);
            if (queue.size() < MAX_BATCH && stopping.await(GATHER_MILLIS, TimeUnit.MILLISECONDS)) {
                log.debug("predictions.draining waiting={}", queue.size());
            }
        }
        queue.drainTo(batch, MAX_BATCH - batch.size());
    }

    /** Whether the batch is done with: written, or given up because no further try could help. */
    private boolean write(List<Traffic> batch) throws InterruptedException {
        try {
            store.write(batch);
            return true;
        } catch (RuntimeException e) {
            if (!Faults.isInfrastructure(e)) {
                return drop(batch, e);
            }
            log.warn("predictions.retried count={} fault={}", batch.size(), Faults.describe(e));
            return stopping.await(FAULT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Among several only the faulty ones are dropped: each is tried by itself. */
    private boolean drop(List<Traffic> batch, RuntimeException fault) throws InterruptedException {
        if (batch.size() == 1) {
            log.error(
                    "predictions.dropped count={}",
                    batch.getFirst().predictions().size(),
                    fault);
            return true;
        }
        while (!batch.isEmpty() && write(List.of(batch.getFirst()))) {
            forget(batch.removeFirst());
        }
        return batch.isEmpty();
    }

    private void forget(Traffic traffic) {
        traffic.predictions().forEach(given -> unwritten.remove(given.requestId()));
    }

    /** Starts before and stops after the web server, so that every answer given finds a writer. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void start() {
        writer = Thread.ofPlatform().name("registry-predictions").daemon().start(this::run);
    }

    @Override
    public void stop() {
        stopping.countDown();
        Thread thread = writer;
        if (thread != null) {
            try {
                thread.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            writer = null;
        }
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }
}
