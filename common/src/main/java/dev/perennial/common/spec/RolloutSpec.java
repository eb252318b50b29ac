package dev.perennial.common.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a version that passed the gate gets its traffic.
 *
 * @param steps percent of the traffic at each step, rising to 100
 * @param minRequests requests with evidence that the canary needs at a step before it may advance
 * @param window longest time a step waits for evidence before it is inconclusive
 */
public record RolloutSpec(List<Integer> steps, Integer minRequests, Duration window, OnInconclusive onInconclusive) {
    public static final RolloutSpec DEFAULT = new RolloutSpec(null, null, null, null);

    public RolloutSpec(
            @Nullable List<Integer> steps,
            @Nullable Integer minRequests,
            @Nullable Duration window,
            @Nullable OnInconclusive onInconclusive) {
        this.steps = steps == null ? List.of(5, 25, 50, 100) : List.copyOf(steps);
        this.minRequests = minRequests == null ? 50 : minRequests;
        this.window = window == null ? Duration.ofMinutes(5) : window;
        this.onInconclusive = onInconclusive == null ? OnInconclusive.PAUSE : onInconclusive;
    }

    /** What happens when a step's window ends without a verdict. */
    public enum OnInconclusive {
        PAUSE,
        ADVANCE,
        ROLL_BACK;

        @JsonCreator
        static OnInconclusive of(String name) {
            return switch (name) {
                case "pause" -> PAUSE;
                case "advance" -> ADVANCE;
                case "rollBack" -> ROLL_BACK;
                default -> throw new IllegalArgumentException("use pause, advance or rollBack, not '" + name + "'");
            };
        }

        @JsonValue
        String wire() {
            return this == ROLL_BACK ? "rollBack" : name().toLowerCase(Locale.ROOT);
        }
    }
}
