package dev.perennial.scorer.sample;

import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SampleSource;
import dev.perennial.scorer.candidate.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sample as it is shown. */
record SampleView(
        String sampleId,
        String text,
        String label,
        SampleSource source,
        @Nullable String generationId,
        State verdict,
        Map<String, Double> scores,
        List<String> reasons,
        Provenance provenance,
        Instant scoredAt) {}
