package dev.perennial.scheduler.mix;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A training set chosen from the pool. A function of pool and rules alone: the same ones always give the same set, in the
 * same order.
 *
 * <ul>
 *   <li>Everything fresh is taken; with a fixed ratio, synthetic samples only as far as the ratio allows.
 *   <li>Samples of earlier rounds are replayed so that nothing old is forgotten: label by label in turn, real ones
 *       before synthetic ones in the ratio of the mix, up to the size of the replay. With {@code auto}, a label with
 *       fewer than {@value #SCARCE} real samples may have up to {@value #SCARCE_LIMIT} earlier synthetic ones, and every
 *       label may have as many as the label with most fresh ones got: a round aimed at a few labels must not drown the
 *       others.
 *   <li>A text counts once, however often it is in the pool; a real sample stands for its synthetic twins.
 *   <li>Validation samples are real ones of every label and, where wording is new, some of the fresh synthetic ones; a
 *       label with fewer than {@value ValidationSplit#LEAST} real ones needs them all for training.
 * </ul>
 *
 * @param decision what was decided for each label, in the order of the rules' labels
 */
public record Mixture(List<PoolSample> train, List<PoolSample> validation, List<LabelMix> decision) {
    static final int SCARCE = 20;
    static final int SCARCE_LIMIT = 80;

    public Mixture {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        decision = List.copyOf(decision);
    }

    /** Chooses a training set. */
    public static Mixture of(Collection<PoolSample> pool, MixRules rules) {
        Map<String, LabelShelf> shelves = shelves(pool, rules);
        int mostFresh = shelves.values().stream()
                .mapToInt(shelf -> shelf.freshSynthetic().size())
                .max()
                .orElse(0);
        List<LabelChoice> choices = Replay.choose(List.copyOf(shelves.values()), rules, mostFresh);
        return split(choices, rules.validationShare());
    }

    /** Samples by label, each text once. */
    private static Map<String, LabelShelf> shelves(Collection<PoolSample> pool, MixRules rules) {
        Map<String, List<PoolSample>> byLabel = new LinkedHashMap<>();
        rules.labels().forEach(label -> byLabel.put(label, new ArrayList<>()));
        Set<String> texts = new HashSet<>();
        pool.stream()
                .filter(sample -> byLabel.containsKey(sample.label()))
                .sorted(Comparator.comparing(PoolSample::source).thenComparing(PoolSample::sampleId))
                .filter(sample -> texts.add(sample.contentHash()))
                .forEach(sample ->
                        byLabel.getOrDefault(sample.label(), List.of()).add(sample));
        Map<String, LabelShelf> shelves = new LinkedHashMap<>();
        byLabel.forEach((label, samples) -> shelves.put(label, LabelShelf.of(label, samples, rules.seed())));
        return shelves;
    }

    private static Mixture split(List<LabelChoice> choices, double share) {
        List<ValidationSplit> splits = choices.stream()
                .map(choice -> ValidationSplit.of(choice, share))
                .toList();
        int held = splits.stream().mapToInt(split -> split.validation().size()).sum();
        boolean useful = held >= ValidationSplit.LEAST_IN_ALL;
        List<PoolSample> train = new ArrayList<>();
        List<PoolSample> validation = new ArrayList<>();
        List<LabelMix> decision = new ArrayList<>();
        for (ValidationSplit split : splits) {
            train.addAll(split.train());
            (useful ? validation : train).addAll(split.validation());
            decision.add(split.choice().decided(useful ? split.validation().size() : 0));
        }
        train.sort(Comparator.comparing(PoolSample::sampleId));
        validation.sort(Comparator.comparing(PoolSample::sampleId));
        return new Mixture(train, validation, decision);
    }
}
