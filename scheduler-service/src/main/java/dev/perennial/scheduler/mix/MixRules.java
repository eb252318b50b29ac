package dev.perennial.scheduler.mix;

import dev.perennial.common.spec.Mix;
import dev.perennial.common.spec.ModelSpec;
import java.util.List;
import java.util.Objects;

/**
 * How a training set is mixed.
 *
 * @param labels those that are trained; samples of others are left out
 * @param replaySize most samples of earlier rounds
 * @param validationShare of each label's samples that is held out of training to choose the best epoch
 * @param seed decides which samples are taken where not all are
 */
public record MixRules(List<String> labels, Mix mix, int replaySize, double validationShare, long seed) {
    public MixRules {
        labels = List.copyOf(labels);
        Objects.requireNonNull(mix);
        if (replaySize < 0) {
            throw new IllegalArgumentException("replaySize must not be negative, not " + replaySize);
        }
        if (!(validationShare >= 0 && validationShare < 1)) {
            throw new IllegalArgumentException(
                    "validationShare must be at least 0 and below 1, not " + validationShare);
        }
    }

    /** What a model's spec asks for. */
    public static MixRules of(ModelSpec spec, long seed) {
        return new MixRules(
                spec.task().labels(),
                spec.scheduling().mix(),
                spec.scheduling().replay().size(),
                spec.training().validationShare(),
                seed);
    }
}
