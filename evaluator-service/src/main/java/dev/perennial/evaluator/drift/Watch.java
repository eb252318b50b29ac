package dev.perennial.evaluator.drift;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of one model's live version.
 *
 * @param epoch grows whenever another version went live
 * @param samples answers counted in this epoch
 * @param state of the detector, or null before the first answer
 * @param alarmed whether this epoch had its alarm
 */
record Watch(
        String model,
        int version,
        int epoch,
        int samples,
        @Nullable String state,
        boolean alarmed) {
    static Watch begin(String model, int version) {
        return new Watch(model, version, 1, 0, null, false);
    }

    /** Another version is live: everything starts afresh. */
    Watch next(int liveVersion) {
        return new Watch(model, liveVersion, epoch + 1, 0, null, false);
    }
}
