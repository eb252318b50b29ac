package dev.perennial.evaluator.drift;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of one model's live version.
 *
 * @param epoch grows whenever another version went live
 * @param samples answers counted in this epoch
 * @param state of the detector, or null before the first answer
 * @param suspicion a rise that was noticed, until the error rate is down again
 * @param alarm position of the answer at which the last alarm was raised, or null once the error rate has fallen since
 */
record Watch(
        String model,
        int version,
        int epoch,
        int samples,
        @Nullable String state,
        @Nullable Suspicion suspicion,
        @Nullable Integer alarm) {

    /**
     * A rise of the error rate.
     *
     * @param from position of the first answer after it
     * @param before error rate until then
     */
    record Suspicion(int from, double before) {}

    /** Whether an alarm was raised and the error rate has not fallen since. */
    boolean alarmed() {
        return alarm != null;
    }

    static Watch begin(String model, int version) {
        return new Watch(model, version, 1, 0, null, null, null);
    }

    /** Another version is live: everything starts afresh. */
    Watch next(int liveVersion) {
        return new Watch(model, liveVersion, epoch + 1, 0, null, null, null);
    }
}
