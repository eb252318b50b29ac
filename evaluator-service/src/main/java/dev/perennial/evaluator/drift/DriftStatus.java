package dev.perennial.evaluator.drift;

/**
 * Where a watch is.
 *
 * @param version the live version that is watched
 * @param samples feedback counted since it went live
 * @param window how many of the newest count as the present
 * @param errorRate over the present
 * @param alarmed whether an alarm was raised and the error rate was not seen to fall since
 */
record DriftStatus(int version, String detector, int samples, int window, double errorRate, boolean alarmed) {
    static DriftStatus of(Watch watch, DriftDetector detector) {
        return new DriftStatus(
                watch.version(),
                detector.name(),
                watch.samples(),
                detector.width(),
                detector.errorRate(),
                watch.alarmed());
    }
}
