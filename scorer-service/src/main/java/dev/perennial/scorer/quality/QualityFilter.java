package dev.perennial.scorer.quality;

import dev.perennial.common.event.SampleSource;
import dev.perennial.common.spec.QualitySpec;
import dev.perennial.scorer.agreement.Agreement;
import dev.perennial.scorer.agreement.LabelAgreement;
import dev.perennial.scorer.agreement.Labelled;
import dev.perennial.scorer.duplicate.AcceptedTexts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All checks of a spec on a cohort of synthetic candidates, without I/O: what the scorer does with the candidates of one
 * generation. Deterministic; the order of the candidates decides which of two duplicates stays. Thread-safe.
 */
public final class QualityFilter {
    private final QualitySpec quality;
    private final Screening screening;
    private final Map<String, Integer> labels = new HashMap<>();

    public QualityFilter(List<String> labels, QualitySpec quality) {
        this.quality = quality;
        this.screening = new Screening(labels, quality);
        labels.forEach(label -> this.labels.put(label, this.labels.size()));
    }

    /**
     * A sample that was accepted before.
     *
     * @param embedding L2-normalised
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, read only
    public record Known(String text, String label, SampleSource source, float[] embedding) {}

    /**
     * A synthetic sample to be judged.
     *
     * @param embedding L2-normalised
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, read only
    public record Candidate(String text, String label, float[] embedding) {}

    /** What can be said of one sample alone. */
    public Screening screening() {
        return screening;
    }

    public QualitySpec quality() {
        return quality;
    }

    /** Whether samples of this source are judged with an encoder: real ones never are. */
    public boolean asksEncoder(SampleSource source) {
        return source == SampleSource.SYNTHETIC
                && (quality.labelAgreement().top() > 0 || quality.duplicates().threshold() < 1);
    }

    /** The verdicts on the candidates, in their order. */
    public List<Verdict> judge(List<Known> accepted, List<Candidate> candidates) {
        AcceptedMeanings meanings = new AcceptedMeanings();
        Admission admission =
                new Admission(quality, new AcceptedTexts(quality.duplicates().near()), meanings);
        for (Known known : accepted) {
            admission.add(ScreenedSample.of(screening, known.text(), known.label(), known.source()), known.embedding());
        }
        List<@Nullable Agreement> agreements = agree(accepted, candidates);
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            ScreenedSample sample =
                    ScreenedSample.of(screening, candidate.text(), candidate.label(), SampleSource.SYNTHETIC);
            Verdict verdict = admission.byText(sample, false);
            if (verdict.isAccepted() && asksEncoder(SampleSource.SYNTHETIC)) {
                verdict = admission.byMeaning(sample, verdict, agreements.get(i), candidate.embedding());
            }
            if (verdict.isAccepted()) {
                admission.add(sample, candidate.embedding());
            }
            verdicts.add(verdict);
        }
        return verdicts;
    }

    /**
     * The agreement of each candidate's label with the real samples and the other candidates; null where the check is
     * off or too little is known.
     */
    public List<@Nullable Agreement> agree(List<Known> accepted, List<Candidate> candidates) {
        List<@Nullable Agreement> agreements = new ArrayList<>();
        candidates.forEach(each -> agreements.add(null));
        if (quality.labelAgreement().top() == 0) {
            return agreements;
        }
        List<Integer> places = IntStream.range(0, candidates.size())
                .filter(i -> labels.containsKey(candidates.get(i).label()))
                .boxed()
                .toList();
        List<Known> real = accepted.stream()
                .filter(known -> known.source() == SampleSource.REAL && labels.containsKey(known.label()))
                .toList();
        List<Candidate> cohort = places.stream().map(candidates::get).toList();
        List<@Nullable Agreement> judged = new LabelAgreement(
                        labels.size(), quality.labelAgreement().minPerLabel())
                .judge(
                        labelled(real, Known::embedding, Known::label),
                        labelled(cohort, Candidate::embedding, Candidate::label));
        for (int i = 0; i < places.size(); i++) {
            agreements.set(places.get(i), judged.get(i));
        }
        return agreements;
    }

    private <T> Labelled labelled(List<T> samples, Function<T, float[]> embedding, Function<T, String> label) {
        return new Labelled(
                samples.stream().map(embedding).toArray(float[][]::new),
                samples.stream()
                        .mapToInt(sample -> Objects.requireNonNull(labels.get(label.apply(sample))))
                        .toArray());
    }
}
