package dev.perennial.scheduler.mix;

import java.util.List;
import java.util.stream.Stream;

/** What was taken from one label's shelf. */
record LabelChoice(
        LabelShelf shelf,
        List<PoolSample> freshSynthetic,
        List<PoolSample> replayedReal,
        List<PoolSample> replayedSynthetic,
        int syntheticLimit) {

    List<PoolSample> real() {
        return Stream.concat(shelf.freshReal().stream(), replayedReal.stream()).toList();
    }

    LabelMix decided(int validation) {
        return new LabelMix(
                shelf.label(),
                shelf.freshReal().size(),
                freshSynthetic.size(),
                replayedReal.size(),
                replayedSynthetic.size(),
                syntheticLimit,
                shelf.size() - real().size() - freshSynthetic.size() - replayedSynthetic.size(),
                validation);
    }
}
