package dev.perennial.scheduler.mix;

import dev.perennial.common.spec.Mix;
import java.util.ArrayList;
import java.util.List;

/** Which samples of earlier rounds are rehearsed, beside what is fresh. */
final class Replay {
    private Replay() {}

    static List<LabelChoice> choose(List<LabelShelf> shelves, MixRules rules, int mostFresh) {
        Mix mix = rules.mix();
        List<List<PoolSample>> wanted = shelves.stream()
                .map(shelf -> inTurn(shelf, mix, earlierLimit(shelf, mix, mostFresh)))
                .toList();
        List<List<PoolSample>> replayed = upTo(rules.replaySize(), wanted);
        List<LabelChoice> choices = new ArrayList<>();
        for (int i = 0; i < shelves.size(); i++) {
            choices.add(choice(shelves.get(i), replayed.get(i), mix, mostFresh));
        }
        return choices;
    }

    private static int earlierLimit(LabelShelf shelf, Mix mix, int mostFresh) {
        return mix.fixed() ? ratio(shelf.real(), mix) : Math.max(autoLimit(shelf, mix), mostFresh);
    }

    private static int autoLimit(LabelShelf shelf, Mix mix) {
        return shelf.real() < Mixture.SCARCE
                ? Mixture.SCARCE_LIMIT
                : Math.ceilDiv(shelf.real() * mix.synthetic(), mix.real());
    }

    private static int ratio(int real, Mix mix) {
        return (int) Math.min(Integer.MAX_VALUE, (long) real * mix.synthetic() / mix.real());
    }

    /** Real samples first, then synthetic ones, in the mix's ratio; what is left of either follows. */
    private static List<PoolSample> inTurn(LabelShelf shelf, Mix mix, int syntheticLimit) {
        List<PoolSample> real = shelf.earlierReal();
        List<PoolSample> synthetic = first(syntheticLimit, shelf.earlierSynthetic());
        List<PoolSample> turns = new ArrayList<>();
        int nextReal = 0;
        int nextSynthetic = 0;
        while (nextReal < real.size() || nextSynthetic < synthetic.size()) {
            int reals = Math.min(real.size(), nextReal + mix.real());
            turns.addAll(real.subList(nextReal, reals));
            boolean realsLeft = reals < real.size();
            int synthetics =
                    Math.min(synthetic.size(), nextSynthetic + (realsLeft ? mix.synthetic() : synthetic.size()));
            turns.addAll(synthetic.subList(nextSynthetic, synthetics));
            nextReal = reals;
            nextSynthetic = synthetics;
        }
        return turns;
    }

    /** Takes one sample of each label in turn until the budget is spent. */
    private static List<List<PoolSample>> upTo(int budget, List<List<PoolSample>> wanted) {
        List<List<PoolSample>> taken = new ArrayList<>();
        wanted.forEach(label -> taken.add(new ArrayList<>()));
        int longest = wanted.stream().mapToInt(List::size).max().orElse(0);
        int left = budget;
        for (int turn = 0; turn < longest; turn++) {
            for (int label = 0; label < wanted.size() && left > 0; label++) {
                if (turn < wanted.get(label).size()) {
                    taken.get(label).add(wanted.get(label).get(turn));
                    left--;
                }
            }
        }
        return taken;
    }

    private static LabelChoice choice(LabelShelf shelf, List<PoolSample> replayed, Mix mix, int mostFresh) {
        List<PoolSample> real = replayed.stream().filter(PoolSample::isReal).toList();
        List<PoolSample> synthetic =
                replayed.stream().filter(sample -> !sample.isReal()).toList();
        if (!mix.fixed()) {
            return new LabelChoice(shelf, shelf.freshSynthetic(), real, synthetic, earlierLimit(shelf, mix, mostFresh));
        }
        int limit = ratio(shelf.freshReal().size() + real.size(), mix);
        List<PoolSample> fresh = first(limit, shelf.freshSynthetic());
        return new LabelChoice(shelf, fresh, real, first(limit - fresh.size(), synthetic), limit);
    }

    private static List<PoolSample> first(int limit, List<PoolSample> samples) {
        return samples.subList(0, Math.min(limit, samples.size()));
    }
}
