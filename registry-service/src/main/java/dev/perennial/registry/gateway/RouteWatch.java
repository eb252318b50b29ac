package dev.perennial.registry.gateway;

import dev.perennial.common.messaging.Faults;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Lets the routes follow changes made by other processes, and says when the first look is done. */
public final class RouteWatch implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(RouteWatch.class);

    private final Routes routes;
    private final Duration pause;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private @Nullable ScheduledExecutorService watching;

    RouteWatch(Routes routes, Duration pause) {
        this.routes = routes;
        this.pause = pause;
    }

    /** Whether every live version has been loaded once. */
    boolean caughtUp() {
        return caughtUp.getCount() == 0;
    }

    /**
     * Waits until every live version has been loaded once.
     *
     * @return whether they are; a version that cannot be loaded uses up all patience
     */
    public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
        return caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            routes.refreshAll();
            if (!caughtUp() && routes.missing().isEmpty()) {
                caughtUp.countDown();
            }
        } catch (RuntimeException e) {
            log.warn("routes.retried fault={}", Faults.describe(e));
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("registry-routes").daemon().factory());
        ScheduledFuture<?> _ = executor.scheduleWithFixedDelay(this::look, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        watching = executor;
    }

    @Override
    public void stop() {
        ScheduledExecutorService executor = watching;
        if (executor != null) {
            executor.shutdown();
            watching = null;
        }
    }

    @Override
    public boolean isRunning() {
        return watching != null;
    }
}
