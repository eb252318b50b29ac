package dev.perennial.scheduler.mix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One label's share of training and validation, told apart by content hash so that it stays the same over rounds. */
record ValidationSplit(LabelChoice choice, List<PoolSample> train, List<PoolSample> validation) {
    static final int LEAST = 8;

    /** New wording must have a say in which epoch is best, even when there is little of it. */
    private static final int LEAST_NEW = 4;

    /** Fewer validation samples than this, over all labels, measure noise. */
    static final int LEAST_IN_ALL = 10;

    static ValidationSplit of(LabelChoice choice, double share) {
        List<PoolSample> train = new ArrayList<>(choice.replayedSynthetic());
        List<PoolSample> validation = new ArrayList<>();
        divide(choice.real(), LEAST, share, train, validation);
        divide(choice.freshSynthetic(), LEAST_NEW, share, train, validation);
        return new ValidationSplit(choice, train, validation);
    }

    private static void divide(
            List<PoolSample> samples, int least, double share, List<PoolSample> train, List<PoolSample> validation) {
        List<PoolSample> ordered = samples.stream()
                .sorted(Comparator.comparing(PoolSample::contentHash))
                .toList();
        int held = ordered.size() < least || share == 0 ? 0 : Math.max(1, (int) Math.round(share * ordered.size()));
        validation.addAll(ordered.subList(0, held));
        train.addAll(ordered.subList(held, ordered.size()));
    }
}
