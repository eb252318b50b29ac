package dev.perennial.scorer.quality;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.text.ContentHash;
import dev.perennial.scorer.duplicate.Signature;
import java.util.List;

/**
 * A sample with everything that its text alone tells.
 *
 * @param reasons what {@link Screening} has against it
 */
public record ScreenedSample(
        String text, String label, SampleSource source, String contentHash, Signature signature, List<String> reasons) {
    public ScreenedSample {
        reasons = List.copyOf(reasons);
    }

    public static ScreenedSample of(Screening screening, String text, String label, SampleSource source) {
        String normalised = ContentHash.normalise(text);
        return new ScreenedSample(
                text,
                label,
                source,
                ContentHash.ofNormalised(text, normalised),
                Signature.ofNormalised(normalised),
                screening.reasons(text, label, source));
    }

    boolean isReal() {
        return source == SampleSource.REAL;
    }
}
