package dev.perennial.generator.generation;

import dev.perennial.generator.seed.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/** Cuts what is wanted of each label into calls. A function of its inputs: the same again gives the same plan. */
final class CallPlanner {
    private final int samplesPerCall;
    private final int examplesPerCall;

    CallPlanner(int samplesPerCall, int examplesPerCall) {
        this.samplesPerCall = samplesPerCall;
        this.examplesPerCall = examplesPerCall;
    }

    /**
     * What to plan.
     *
     * @param wave 0 for the first plan
     * @param firstIndex number of the first call
     * @param wanted utterances by label
     * @param offsets utterances that earlier waves asked for, by label
     * @param difficulty shares that sum to 1
     * @param seeds real samples of a label
     */
    record Order(
            int wave,
            int firstIndex,
            Map<String, Integer> wanted,
            Map<String, Integer> offsets,
            Map<String, Double> difficulty,
            List<String> styles,
            long seed,
            Function<String, List<Seed>> seeds) {}

    List<PlannedCall> plan(Order order) {
        List<PlannedCall> calls = new ArrayList<>();
        new TreeMap<>(order.wanted()).forEach((label, wanted) -> {
            int offset = order.offsets().getOrDefault(label, 0);
            int shown = offset;
            List<Seed> seeds = shuffled(order.seeds().apply(label), order.seed(), label);
            for (Map.Entry<String, Integer> part :
                    shares(wanted, order.difficulty()).entrySet()) {
                for (int size : sizes(part.getValue())) {
                    int number = calls.size();
                    calls.add(new PlannedCall(
                            order.firstIndex() + number,
                            order.wave(),
                            label,
                            part.getKey(),
                            order.styles()
                                    .get((number + order.wave())
                                            % order.styles().size()),
                            size,
                            offset,
                            examples(seeds, shown)));
                    offset += size;
                    shown += examplesPerCall;
                }
            }
        });
        return calls;
    }

    /** Whole numbers in the ratio of the shares that sum to the total: the largest remainders are rounded up. */
    static Map<String, Integer> shares(int total, Map<String, Double> shares) {
        Map<String, Integer> parts = new LinkedHashMap<>();
        int given = 0;
        for (Map.Entry<String, Double> share : new TreeMap<>(shares).entrySet()) {
            int part = (int) Math.floor(total * share.getValue() + 1e-9);
            parts.put(share.getKey(), part);
            given += part;
        }
        List<String> byRemainder = parts.keySet().stream()
                .sorted(Comparator.comparingDouble(
                        key -> parts.getOrDefault(key, 0) - total * shares.getOrDefault(key, 0.0)))
                .toList();
        for (int i = 0; i < total - given; i++) {
            parts.merge(byRemainder.get(i % byRemainder.size()), 1, Integer::sum);
        }
        return parts;
    }

    /** As few calls as possible, all of about one size. */
    private List<Integer> sizes(int wanted) {
        int calls = Math.ceilDiv(wanted, samplesPerCall);
        List<Integer> sizes = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            sizes.add(wanted / calls + (call < wanted % calls ? 1 : 0));
        }
        return sizes;
    }

    private static List<Seed> shuffled(List<Seed> seeds, long seed, String label) {
        List<Seed> shuffled = new ArrayList<>(seeds);
        Collections.shuffle(shuffled, new SplittableRandom(seed ^ label.hashCode()));
        return shuffled;
    }

    /** Calls of one label walk through its seeds, so that together they show as many as possible. */
    private List<Seed> examples(List<Seed> seeds, int first) {
        int count = Math.min(examplesPerCall, seeds.size());
        List<Seed> examples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            examples.add(seeds.get((first + i) % seeds.size()));
        }
        return examples;
    }
}
