package dev.perennial.common.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Traffic is no longer what the live version was trained for. Keyed by model name. */
public sealed interface DriftEvent extends Event {

    /**
     * A detector raised an alarm.
     *
     * @param detector such as {@code adwin}
     * @param errorRateBefore over the window that the detector dropped
     * @param errorRateAfter over the window that it kept
     * @param labels those that went bad, worst first
     */
    record DriftDetected(
            String driftId,
            String model,
            int version,
            String detector,
            double errorRateBefore,
            double errorRateAfter,
            List<LabelErrors> labels,
            Instant at)
            implements DriftEvent {
        public DriftDetected {
            Objects.requireNonNull(driftId);
            Objects.requireNonNull(model);
            Objects.requireNonNull(detector);
            labels = List.copyOf(labels);
            Objects.requireNonNull(at);
        }
    }
}
