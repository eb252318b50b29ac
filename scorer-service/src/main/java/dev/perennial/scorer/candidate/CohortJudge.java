package dev.perennial.scorer.candidate;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.catalog.ModelCatalog.KnownModel;
import dev.perennial.common.job.JobHandler;
import dev.perennial.common.job.Lease;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.scorer.agreement.Agreement;
import dev.perennial.scorer.quality.AcceptedMeanings;
import dev.perennial.scorer.quality.Admission;
import dev.perennial.scorer.quality.QualityFilter;
import dev.perennial.scorer.quality.QualityFilter.Candidate;
import dev.perennial.scorer.quality.QualityFilter.Known;
import dev.perennial.scorer.quality.ScreenedSample;
import dev.perennial.scorer.quality.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges the pending candidates of a cohort with the encoder. Embedding and label agreement, which take long, come first
 * and without a lock; then the candidates are admitted one after another under the model's lock, and their verdicts go
 * to the outbox with them.
 */
final class CohortJudge implements JobHandler {
    private static final int EMBEDDED_AT_ONCE = 128;

    private final ModelCatalog catalog;
    private final Filters filters;
    private final ModelIndexes indexes;
    private final Tables tables;
    private final Encoders encoders;
    private final Outbox outbox;
    private final Clock clock;
    private final int largest;

    CohortJudge(
            ModelCatalog catalog,
            Filters filters,
            ModelIndexes indexes,
            Tables tables,
            Encoders encoders,
            Outbox outbox,
            Clock clock,
            int largest) {
        this.catalog = catalog;
        this.filters = filters;
        this.indexes = indexes;
        this.tables = tables;
        this.encoders = encoders;
        this.outbox = outbox;
        this.clock = clock;
        this.largest = largest;
    }

    /** A pass over a cohort: who is judged, by which checks, with which encoder. */
    private record Pass(
            Cohorts.Cohort cohort,
            QualityFilter filter,
            Encoder encoder,
            List<StoredSample> pending,
            List<float[]> vectors,
            List<@Nullable Agreement> agreements,
            List<Known> known,
            long knownUpTo) {}

    @Override
    public void run(Lease lease) {
        Cohorts.Cohort cohort = tables.cohorts().of(lease.jobId());
        KnownModel model = catalog.require(cohort.model());
        List<StoredSample> pending = tables.samples().pending(cohort.model(), cohort.generationId(), largest);
        Pass pass = prepare(lease, cohort, model, pending);
        indexes.exclusively(cohort.model(), pass.filter.quality().duplicates().near(), index -> {
            lease.finish(() -> finish(pass, index));
            return pending.size();
        });
    }

    private Pass prepare(Lease lease, Cohorts.Cohort cohort, KnownModel model, List<StoredSample> pending) {
        QualityFilter filter = filters.of(model);
        Encoder encoder = encoders.of(model.spec().baseModel());
        List<EmbeddingStore.Accepted> accepted =
                tables.embeddings().accepted(cohort.model(), labels(pending), encoder.fingerprint(), 0);
        List<Known> known = embedded(lease, encoder, accepted);
        List<float[]> vectors = embed(
                lease,
                encoder,
                pending.stream().map(sample -> sample.payload().text()).toList());
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < pending.size(); i++) {
            candidates.add(new Candidate(
                    pending.get(i).payload().text(), pending.get(i).payload().label(), vectors.get(i)));
        }
        long upTo = accepted.isEmpty() ? 0 : accepted.getLast().place();
        return new Pass(cohort, filter, encoder, pending, vectors, filter.agree(known, candidates), known, upTo);
    }

    private static List<String> labels(List<StoredSample> pending) {
        return pending.stream()
                .map(sample -> sample.payload().label())
                .distinct()
                .toList();
    }

    /** Embeds what has no vector yet and keeps it: the next cohort finds it there. */
    private List<Known> embedded(Lease lease, Encoder encoder, List<EmbeddingStore.Accepted> accepted) {
        List<EmbeddingStore.Accepted> missing =
                accepted.stream().filter(sample -> sample.embedding() == null).toList();
        List<float[]> vectors = new ArrayList<>();
        for (int from = 0; from < missing.size(); from += EMBEDDED_AT_ONCE) {
            List<EmbeddingStore.Accepted> some =
                    missing.subList(from, Math.min(missing.size(), from + EMBEDDED_AT_ONCE));
            List<float[]> found = embed(
                    lease,
                    encoder,
                    some.stream().map(sample -> sample.payload().text()).toList());
            tables.embeddings()
                    .save(some.stream().map(EmbeddingStore.Accepted::sampleId).toList(), found, encoder.fingerprint());
            vectors.addAll(found);
        }
        List<Known> known = new ArrayList<>();
        int next = 0;
        for (EmbeddingStore.Accepted sample : accepted) {
            float[] vector = sample.embedding();
            known.add(new Known(
                    sample.payload().text(),
                    sample.payload().label(),
                    sample.source(),
                    vector == null ? vectors.get(next++) : vector));
        }
        return known;
    }

    private static List<float[]> embed(Lease lease, Encoder encoder, List<String> texts) {
        List<float[]> vectors = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += EMBEDDED_AT_ONCE) {
            lease.check();
            vectors.addAll(
                    List.of(encoder.embed(texts.subList(from, Math.min(texts.size(), from + EMBEDDED_AT_ONCE)))));
        }
        return vectors;
    }

    private void finish(Pass pass, ModelIndexes.Index index) {
        List<StoredSample> judged = admit(pass, index);
        if (!judged.isEmpty()) {
            tables.samples().judge(judged);
            tables.counts().add(pass.cohort.model(), judged);
            outbox.append(judged.stream().map(StoredSample::scored).toList());
        }
        tables.cohorts().judged(pass.cohort, judged.size());
    }

    private List<StoredSample> admit(Pass pass, ModelIndexes.Index index) {
        Admission admission = new Admission(pass.filter.quality(), index.texts(), meanings(pass));
        Set<String> leaks = tables.heldOut()
                .among(
                        pass.cohort.model(),
                        pass.pending.stream().map(StoredSample::contentHash).toList());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<StoredSample> judged = new ArrayList<>();
        List<String> admitted = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < pass.pending.size(); i++) {
            StoredSample sample = pass.pending.get(i);
            ScreenedSample screened = sample.screened();
            Verdict verdict = admission.byText(screened, leaks.contains(sample.contentHash()));
            if (verdict.isAccepted()) {
                verdict = admission.byMeaning(screened, verdict, pass.agreements.get(i), pass.vectors.get(i));
            }
            if (verdict.isAccepted()) {
                admission.add(screened, pass.vectors.get(i));
                admitted.add(sample.sampleId());
                vectors.add(pass.vectors.get(i));
            }
            judged.add(sample.judged(verdict, verdict.isAccepted() ? index.nextPlace() : null, now));
        }
        tables.embeddings().save(admitted, vectors, pass.encoder.fingerprint());
        return judged;
    }

    /** With what others accepted while this pass was prepared. */
    private AcceptedMeanings meanings(Pass pass) {
        AcceptedMeanings meanings = new AcceptedMeanings();
        pass.known.forEach(known -> meanings.add(known.label(), known.embedding()));
        tables
                .embeddings()
                .accepted(pass.cohort.model(), labels(pass.pending), pass.encoder.fingerprint(), pass.knownUpTo)
                .stream()
                .filter(sample -> sample.embedding() != null)
                .forEach(sample -> meanings.add(sample.payload().label(), Objects.requireNonNull(sample.embedding())));
        return meanings;
    }
}
