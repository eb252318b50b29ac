package dev.perennial.scorer.sample;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.scorer.candidate.State;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which samples are wanted; null means any. */
record SampleQuery(
        @Nullable State verdict,
        @Nullable SampleSource source,
        @Nullable String label,
        @Nullable String generationId) {

    static SampleQuery of(
            @Nullable String verdict, @Nullable String source, @Nullable String label, @Nullable String generationId) {
        return new SampleQuery(
                constant(State.class, "verdict", verdict),
                constant(SampleSource.class, "source", source),
                label,
                generationId);
    }

    private static <E extends Enum<E>> @Nullable E constant(Class<E> type, String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(value.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest(
                        "invalid-parameter",
                        name + " must be "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(" or "))
                                + "."));
    }
}
