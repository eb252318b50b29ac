package dev.perennial.evaluator.drift;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of answers did to a watch. Pure: the alarm, if any, is still without its labels.
 *
 * @param alarm the change that this epoch's alarm is about, when this batch raised it
 */
record Observation(Watch watch, Optional<Alarm> alarm) {

    /**
     * A change for the worse.
     *
     * @param position of the answer that brought it to light, within the epoch
     */
    record Alarm(Answered answer, int position, DriftDetector.Shift shift) {}

    /** Counts answers, in their order. Only the first rise of an epoch that is large and late enough is an alarm. */
    static Observation of(Watch watch, DriftDetector detector, List<Answered> answers, DriftSettings settings) {
        @Nullable Alarm alarm = null;
        int samples = watch.samples();
        for (Answered answer : answers) {
            Optional<DriftDetector.Shift> shift = detector.update(!answer.correct());
            int position = samples++;
            if (alarm == null && !watch.alarmed() && samples >= settings.minSamples()) {
                alarm = shift.filter(change -> change.rise() >= settings.minRise())
                        .map(rise -> new Alarm(answer, position, rise))
                        .orElse(null);
            }
        }
        Watch after = new Watch(
                watch.model(),
                watch.version(),
                watch.epoch(),
                samples,
                detector.state(),
                watch.alarmed() || alarm != null);
        return new Observation(after, Optional.ofNullable(alarm));
    }
}
