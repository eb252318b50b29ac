package dev.perennial.registry.gateway;

import dev.perennial.common.messaging.Faults;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routing table. A version is loaded before a route names it and let go after none does any more. Loading happens
 * outside of the lock that swaps routes: a rollback never waits for a candidate that is being loaded.
 */
final class Routes implements RouteTable {
    private static final Logger log = LoggerFactory.getLogger(Routes.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final WantedStore wanted;
    private final VersionLoader loader;
    private final MeterRegistry meters;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final Map<String, Absence> absences = new ConcurrentHashMap<>();
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Map<String, Long> retries = new ConcurrentHashMap<>();
    private volatile boolean looked;

    Routes(WantedStore wanted, VersionLoader loader, MeterRegistry meters) {
        this.wanted = wanted;
        this.loader = loader;
        this.meters = meters;
    }

    @Override
    public @Nullable Route find(String model) {
        return routes.get(model);
    }

    @Override
    public Absence absence(String model) {
        return absences.getOrDefault(model, looked ? Absence.NOT_DECLARED : Absence.BEING_LOADED);
    }

    /** Catches up with every model that changed, here or in another process. */
    void refreshAll() {
        Map<String, Long> sequences = wanted.sequences();
        sequences.keySet().forEach(model -> absences.putIfAbsent(model, Absence.BEING_LOADED));
        looked = true;
        sequences.forEach((model, sequence) -> {
            Long retryAt = retries.get(model);
            boolean due = retryAt == null || System.nanoTime() - retryAt >= 0;
            if (due && !sequence.equals(seen.get(model))) {
                refresh(model);
            }
        });
    }

    /** Catches up with one model. After a fault the old route stays, and a later look tries again. */
    void refresh(String model) {
        try {
            wanted.find(model).ifPresent(this::follow);
            retries.remove(model);
        } catch (RuntimeException e) {
            log.warn("route.retried model={} fault={}", model, Faults.describe(e));
            retries.put(model, System.nanoTime() + RETRY.toNanos());
        }
    }

    /** First the traffic, as far as its versions are loaded: a rollback waits for nothing. Then what has to be loaded. */
    private void follow(Wanted target) {
        absences.put(target.model(), target.live() == null ? Absence.NOTHING_LIVE : Absence.BEING_LOADED);
        Map<Integer, Held> taken = new HashMap<>();
        try {
            target.all().forEach(version -> holdKnown(target.model(), version.version(), taken));
            swap(target, taken);
            for (Wanted.Version version : target.all()) {
                if (!taken.containsKey(version.version())) {
                    loader.load(target, version).ifPresent(held -> taken.put(held.version(), held));
                    swap(target, taken);
                }
            }
        } finally {
            taken.values().forEach(Held::release);
        }
        seen.merge(target.model(), target.sequence(), Math::max);
    }

    private void holdKnown(String model, int version, Map<Integer, Held> taken) {
        Route route = routes.get(model);
        Held known = route == null ? null : route.held().get(version);
        if (known != null && known.acquire()) {
            taken.put(version, known);
        }
    }

    /** The table holds what it names; what it no longer names it lets go. */
    private synchronized void swap(Wanted target, Map<Integer, Held> taken) {
        Route before = routes.get(target.model());
        if (before != null && before.shows(target.sequence(), taken.keySet())) {
            return;
        }
        Wanted.Version live = target.live();
        Held answering = live == null ? null : taken.get(live.version());
        if (answering == null) {
            return;
        }
        Wanted.Version canary = target.canary();
        taken.values().forEach(Held::acquire);
        routes.put(
                target.model(),
                new Route(
                        target.model(),
                        target.sequence(),
                        target.model() + '#' + target.rollout(),
                        answering,
                        canary == null ? null : taken.get(canary.version()),
                        target.canaryPercent(),
                        taken));
        if (before == null) {
            Gauge.builder("perennial.canary.weight", this, table -> table.canaryShare(target.model()))
                    .tag("model", target.model())
                    .register(meters);
        } else {
            before.held().values().forEach(Held::release);
        }
    }

    private double canaryShare(String model) {
        Route route = routes.get(model);
        return route == null || route.canary() == null ? 0 : route.canaryPercent() / 100.0;
    }

    /** Models with a live version that is not loaded yet. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        wanted.sequences().keySet().forEach(model -> {
            Optional<Wanted> target = wanted.find(model);
            if (target.isPresent() && target.get().live() != null && !routes.containsKey(model)) {
                missing.add(model);
            }
        });
        return missing;
    }

    /** Lets everything go; requests under way end first. */
    synchronized void close() {
        routes.values().forEach(route -> route.held().values().forEach(Held::release));
        routes.clear();
    }
}
