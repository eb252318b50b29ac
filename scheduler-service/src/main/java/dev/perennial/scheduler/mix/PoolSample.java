package dev.perennial.scheduler.mix;

import dev.perennial.common.event.SampleSource;
import java.util.Objects;

/**
 * A sample of the pool that may be trained on.
 *
 * @param contentHash {@link dev.perennial.common.text.ContentHash} of the text, in hexadecimal
 * @param weight in the training loss, 1 is normal
 * @param fresh whether it came in since the snapshot of the round before, so that no model has seen it
 */
public record PoolSample(
        String sampleId,
        String text,
        String label,
        String contentHash,
        SampleSource source,
        double weight,
        boolean fresh) {
    public PoolSample {
        Objects.requireNonNull(sampleId);
        Objects.requireNonNull(text);
        Objects.requireNonNull(label);
        Objects.requireNonNull(contentHash);
        Objects.requireNonNull(source);
    }

    boolean isReal() {
        return source == SampleSource.REAL;
    }
}
