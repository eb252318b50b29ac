package dev.perennial.benchmarks.predict;

import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.Service;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Versions that change while requests come at a steady rate. */
final class Swap {
    private static final long SECONDS_BETWEEN = 2;

    private final PerennialClient client;
    private final String model;
    private final List<byte[]> adapters;

    Swap(PerennialClient client, String model, List<byte[]> adapters) {
        this.client = client;
        this.model = model;
        this.adapters = adapters;
    }

    /** What became of the requests. */
    record Result(int perSecond, int requests, int failed, int swaps) {}

    Result run(int perSecond) throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor();
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> ticking = clock.scheduleAtFixedRate(
                    () -> callers.execute(() -> ask(sent.incrementAndGet(), failed)),
                    0,
                    TimeUnit.SECONDS.toNanos(1) / perSecond,
                    TimeUnit.NANOSECONDS);
            swapVersions();
            ticking.cancel(false);
        }
        return new Result(perSecond, sent.get(), failed.get(), 2 * adapters.size());
    }

    /** Each adapter becomes a version that is promoted and then rolled back. */
    private void swapVersions() throws InterruptedException {
        for (byte[] adapter : adapters) {
            TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
            client.importVersion(model, adapter, "swap");
            client.post(Service.REGISTRY, "/api/models/" + model + "/rollout/promote", Map.of("reason", "swap"));
            TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
            client.rollback(model, null, "swap back");
        }
        TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
    }

    private void ask(int number, AtomicInteger failed) {
        try {
            client.predict(model, "request " + number + " while versions change", "caller-" + number);
        } catch (RuntimeException e) {
            failed.incrementAndGet();
        }
    }
}
