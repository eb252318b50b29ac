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
     * @param errorRateBefore until the change that the detector found
     * @param errorRateAfter since then
     * @param labels those that went bad, worst first, with their answers since the change; empty when none stands out
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
