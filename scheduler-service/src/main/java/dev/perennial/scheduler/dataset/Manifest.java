package dev.perennial.scheduler.dataset;

import dev.perennial.common.event.SampleSource;
import dev.perennial.scheduler.mix.LabelMix;
import dev.perennial.scheduler.mix.Mixture;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code manifest.json}: what a training set consists of and why.
 *
 * @param format of the directory; 1 is the first
 * @param files sha256 by name
 */
record Manifest(
        int format,
        String model,
        int round,
        int specVersion,
        long seed,
        int train,
        int validation,
        long real,
        long synthetic,
        List<LabelMix> mix,
        Map<String, String> files) {

    static Manifest of(Mixture mixture, Origin origin, Map<String, String> files) {
        long real = Stream.concat(mixture.train().stream(), mixture.validation().stream())
                .filter(sample -> sample.source() == SampleSource.REAL)
                .count();
        int train = mixture.train().size();
        int validation = mixture.validation().size();
        return new Manifest(
                1,
                origin.model(),
                origin.round(),
                origin.specVersion(),
                origin.seed(),
                train,
                validation,
                real,
                train + validation - real,
                mixture.decision(),
                files);
    }
}
