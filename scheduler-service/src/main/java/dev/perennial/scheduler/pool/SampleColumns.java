package dev.perennial.scheduler.pool;

import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload;
import dev.perennial.common.spec.SpecReader;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;

/** A batch of samples as one array a column, for {@code unnest}. */
final class SampleColumns {
    private static final ObjectWriter PAYLOADS = SpecReader.storedMapper().writerFor(SamplePayload.class);

    private SampleColumns() {}

    static List<Object> of(List<SampleScored> samples) {
        return List.of(
                texts(samples, SampleScored::sampleId),
                texts(samples, SampleScored::model),
                texts(samples, sample -> sample.source().name()),
                samples.stream().map(SampleScored::accepted).toArray(Boolean[]::new),
                texts(samples, SampleScored::generationId),
                texts(samples, sample -> sample.accepted() ? SamplePool.label(sample.payload()) : null),
                texts(samples, sample -> sample.accepted() ? PAYLOADS.writeValueAsString(sample.payload()) : null),
                texts(samples, SampleScored::contentHash),
                samples.stream().map(SampleScored::weight).toArray(Double[]::new));
    }

    private static Object texts(List<SampleScored> samples, Function<SampleScored, @Nullable String> column) {
        return samples.stream().map(column).toArray(String[]::new);
    }
}
