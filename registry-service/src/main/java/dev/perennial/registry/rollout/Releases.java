package dev.perennial.registry.rollout;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.Faults;
import dev.perennial.common.spec.RolloutSpec;
import dev.perennial.registry.model.DeclaredModel;
import dev.perennial.registry.model.Models;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes who gets a model's traffic. Every operation is one transaction, or part of the caller's. */
public final class Releases {
    private static final Logger log = LoggerFactory.getLogger(Releases.class);

    private final ServiceSchema schema;
    private final Models models;
    private final Lineups lineups;
    private final RolloutStore rollouts;
    private final EvidenceStore evidence;
    private final TrafficChanges changes;
    private final MeterRegistry meters;
    private final Clock clock;

    Releases(
            ServiceSchema schema,
            Models models,
            Lineups lineups,
            RolloutStore rollouts,
            TrafficChanges changes,
            MeterRegistry meters,
            Clock clock) {
        this.schema = schema;
        this.models = models;
        this.lineups = lineups;
        this.rollouts = rollouts;
        this.evidence = new EvidenceStore(schema);
        this.changes = changes;
        this.meters = meters;
        this.clock = clock;
    }

    /** Gives the newest waiting candidate its chance, if nothing stands in its way. */
    public void settle(String model) {
        RolloutSpec plan = models.require(model).spec().rollout();
        change(model, (lineup, now) -> Lifecycle.next(lineup, plan, now));
    }

    /** Adds evidence and acts on it at once. */
    public void observe(List<Observation> observations) {
        Map<String, List<Observation>> byModel = observations.stream()
                .collect(Collectors.groupingBy(Observation::model, TreeMap::new, Collectors.toList()));
        schema.transactions().executeWithoutResult(status -> byModel.forEach(this::observe));
    }

    /** That all is well needs no verdict: those counts are added without holding up anybody. */
    private void observe(String model, List<Observation> observations) {
        boolean telling = observations.stream().anyMatch(Observation::telling);
        if (rollouts.active(model).isEmpty() || (telling && models.lock(model).isEmpty())) {
            return;
        }
        rollouts.active(model).ifPresent(rollout -> {
            observations.stream()
                    .filter(seen -> seen.concerns(rollout.subject()))
                    .collect(Collectors.toMap(Observation::version, Observation::counts, Arm::plus, TreeMap::new))
                    .forEach((version, arm) -> evidence.add(rollout, version, arm));
            if (telling) {
                judge(model);
            }
        });
    }

    /** Acts on windows that have ended. One model's fault holds up no other; the next tick tries again. */
    void tick() {
        for (String model : rollouts.gathering()) {
            try {
                judge(model);
            } catch (RuntimeException e) {
                log.warn("rollout.retried model={} fault={}", model, Faults.describe(e));
            }
        }
    }

    private void judge(String model) {
        change(model, (lineup, now) -> {
            Rollout.Active rollout = lineup.rollout();
            return rollout == null ? List.of() : Lifecycle.judge(lineup, evidence.load(rollout), now);
        });
    }

    /** Takes back a canary whose adapter cannot be loaded. */
    public void unloadable(String model, int version, String reason) {
        change(model, (lineup, now) -> Lifecycle.unloadable(lineup, version, reason, now));
    }

    void pause(String model, String reason) {
        change(model, (lineup, now) -> Lifecycle.pause(lineup, reason));
    }

    void resume(String model, String reason) {
        change(model, (lineup, now) -> Lifecycle.resume(lineup, reason, now));
    }

    void promote(String model, String reason) {
        change(model, (lineup, now) -> Lifecycle.promote(lineup, reason, now));
    }

    void abort(String model, String reason) {
        change(model, (lineup, now) -> Lifecycle.abort(lineup, reason, now));
    }

    void retry(String model, @Nullable Integer version, String reason) {
        DeclaredModel declared = models.require(model);
        change(
                model,
                (lineup, now) ->
                        Lifecycle.retry(lineup, version, declared.spec().rollout(), reason, now));
    }

    void rollBack(String model, @Nullable Integer toVersion, String reason) {
        change(model, (lineup, now) -> Rollback.decide(lineup, toVersion, reason, now));
    }

    private void change(String model, BiFunction<Lineup, Instant, List<Decision>> decide) {
        schema.transactions().executeWithoutResult(status -> {
            DeclaredModel declared = models.requireLocked(model);
            Instant now = clock.instant();
            List<Decision> decisions = decide.apply(lineups.load(model), now);
            boolean changed = false;
            while (!decisions.isEmpty()) {
                decisions.forEach(decision -> apply(model, decision, now));
                changed = true;
                // What was decided may have made room for a candidate that waits.
                decisions = Lifecycle.next(lineups.load(model), declared.spec().rollout(), now);
            }
            if (changed) {
                changes.announceAfterCommit(model);
            }
        });
    }

    private void apply(String model, Decision decision, Instant now) {
        lineups.apply(model, decision, now);
        TrafficChanges.afterCommit(() -> tell(model, decision));
    }

    private void tell(String model, Decision decision) {
        log.info(
                "traffic.changed model={} kind={} version={} reason=\"{}\"",
                model,
                decision.kind(),
                decision.version(),
                decision.reason());
        if (decision.lost() != null) {
            meters.counter(
                            "perennial.rollbacks",
                            "model",
                            model,
                            "reason",
                            decision.lost().wire())
                    .increment();
        }
    }
}
