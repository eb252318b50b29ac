package dev.perennial.evaluator.drift;

import dev.perennial.evaluator.drift.Watch.Suspicion;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of answers did to a watch. Pure: the alarm, if any, is still without its labels.
 *
 * @param alarm the newest one that this batch raised
 */
record Observation(Watch watch, Optional<Alarm> alarm) {

    /**
     * A change for the worse.
     *
     * @param position of the answer that completed the evidence, within the epoch
     * @param after error rate when it was complete
     */
    record Alarm(Answered answer, int position, Suspicion suspicion, double after) {}

    /**
     * Counts answers, in their order. A rise that is large and late enough is a suspicion; it becomes an alarm once enough
     * answers tell which labels went bad, unless the rate has fallen again by then. While the rate stays up, the alarm is
     * repeated from time to time: what was done about it did not help.
     */
    static Observation of(Watch watch, DriftDetector detector, List<Answered> answers, DriftSettings settings) {
        @Nullable Alarm alarm = null;
        @Nullable Suspicion suspicion = watch.suspicion();
        @Nullable Integer alarmed = watch.alarm();
        int samples = watch.samples();
        for (Answered answer : answers) {
            Optional<DriftDetector.Shift> shift = detector.update(!answer.correct());
            int position = samples++;
            if (suspicion == null && samples >= settings.minSamples()) {
                suspicion = shift.filter(change -> change.rise() >= settings.minRise())
                        .map(rise -> new Suspicion(position + 1 - rise.recent(), rise.before()))
                        .orElse(null);
            }
            if (suspicion != null
                    && settings.isDue(samples - suspicion.from(), alarmed == null ? null : position - alarmed)) {
                double after = detector.errorRate();
                boolean up = after - suspicion.before() >= settings.minRise();
                alarm = up ? new Alarm(answer, position, suspicion, after) : alarm;
                alarmed = up ? Integer.valueOf(position) : null;
                suspicion = up ? suspicion : null;
            }
        }
        Watch after =
                new Watch(watch.model(), watch.version(), watch.epoch(), samples, detector.state(), suspicion, alarmed);
        return new Observation(after, Optional.ofNullable(alarm));
    }
}
