package dev.perennial.generator.generation;

import dev.perennial.common.job.Lease;
import dev.perennial.generator.generation.CallPlanner.Order;
import dev.perennial.generator.generation.PlanStore.PlanState;
import dev.perennial.generator.seed.SeedStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which calls of a run are to be made next: those left open, or a new wave for the labels that are short. */
final class Planning {
    private final PlanStore store;
    private final SeedStore seeds;
    private final CallPlanner planner;
    private final int topUps;

    Planning(PlanStore store, SeedStore seeds, CallPlanner planner, int topUps) {
        this.store = store;
        this.seeds = seeds;
        this.planner = planner;
        this.topUps = topUps;
    }

    /** The open calls; none when every label has enough or was topped up as often as may be. */
    List<PlannedCall> open(Lease lease, Brief brief) {
        String generationId = brief.generation().generationId();
        List<PlannedCall> open = store.open(generationId);
        if (!open.isEmpty()) {
            return open;
        }
        PlanState plan = store.state(generationId);
        if (plan.waves() > topUps) {
            return List.of();
        }
        List<PlannedCall> wave = planner.plan(order(brief, plan));
        if (!wave.isEmpty()) {
            lease.inTransaction(() -> store.add(generationId, wave));
        }
        return wave;
    }

    private Order order(Brief brief, PlanState plan) {
        String model = brief.generation().model();
        return new Order(
                plan.waves(),
                plan.calls(),
                shortfall(brief.wanted(), plan.produced()),
                plan.asked(),
                brief.spec().difficulty(),
                brief.spec().styles(),
                brief.generation().seed(),
                label -> seeds.of(model, label));
    }

    private static Map<String, Integer> shortfall(Map<String, Integer> wanted, Map<String, Integer> produced) {
        Map<String, Integer> shortfall = new TreeMap<>();
        wanted.forEach((label, count) -> {
            int missing = count - produced.getOrDefault(label, 0);
            if (missing > 0) {
                shortfall.put(label, missing);
            }
        });
        return shortfall;
    }
}
