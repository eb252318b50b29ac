package dev.perennial.scorer.candidate;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.catalog.ModelCatalog.KnownModel;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventPublisher;
import dev.perennial.scorer.quality.AcceptedMeanings;
import dev.perennial.scorer.quality.Admission;
import dev.perennial.scorer.quality.QualityFilter;
import dev.perennial.scorer.quality.ScreenedSample;
import dev.perennial.scorer.quality.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges candidates by what their text tells, in the order in which they come, and tells the verdicts. What a redelivered
 * candidate got before is read back and told again, so that its event is the same. Candidates that the encoder has to
 * judge as well stay pending; nothing is told of them until their cohort was judged.
 */
final class CandidateStage {
    private final ModelCatalog catalog;
    private final Filters filters;
    private final ModelIndexes indexes;
    private final Tables tables;
    private final UnknownModels unknownModels;
    private final EventPublisher publisher;
    private final Clock clock;

    CandidateStage(
            ModelCatalog catalog,
            Filters filters,
            ModelIndexes indexes,
            Tables tables,
            EventPublisher publisher,
            Clock clock) {
        this.catalog = catalog;
        this.filters = filters;
        this.indexes = indexes;
        this.tables = tables;
        this.unknownModels = new UnknownModels(clock);
        this.publisher = publisher;
        this.clock = clock;
    }

    private record Incoming(SampleCandidate candidate, LabelledText payload, ScreenedSample screened) {}

    void handle(List<Envelope<SampleCandidate>> batch) {
        Map<String, Map<String, SampleCandidate>> byModel = new LinkedHashMap<>();
        for (Envelope<SampleCandidate> envelope : batch) {
            SampleCandidate candidate = envelope.event();
            byModel.computeIfAbsent(candidate.model(), model -> new LinkedHashMap<>())
                    .putIfAbsent(candidate.sampleId(), candidate);
        }
        List<Envelope<SampleScored>> scored = new ArrayList<>(batch.size());
        byModel.forEach((model, candidates) -> scored.addAll(judge(model, List.copyOf(candidates.values()))));
        publisher.publish(scored);
    }

    private List<Envelope<SampleScored>> judge(String model, List<SampleCandidate> candidates) {
        KnownModel known = catalog.find(model).orElseThrow(() -> unknownModels.fault(model));
        QualityFilter filter = filters.of(known);
        List<Incoming> incoming =
                candidates.stream().map(candidate -> screen(candidate, filter)).toList();
        double near = filter.quality().duplicates().near();
        List<StoredSample> stored = indexes.exclusively(model, near, index -> store(model, incoming, filter, index));
        return stored.stream()
                .filter(StoredSample::isFinal)
                .map(StoredSample::scored)
                .toList();
    }

    private static Incoming screen(SampleCandidate candidate, QualityFilter filter) {
        LabelledText payload = switch (candidate.payload()) {
            case LabelledText text -> text;
        };
        return new Incoming(
                candidate,
                payload,
                ScreenedSample.of(filter.screening(), payload.text(), payload.label(), candidate.source()));
    }

    /** The whole batch as it is stored, whether it was before or is now. */
    private List<StoredSample> store(
            String model, List<Incoming> incoming, QualityFilter filter, ModelIndexes.Index index) {
        Map<String, StoredSample> before = tables.samples()
                .find(incoming.stream().map(each -> each.candidate().sampleId()).toList());
        Set<String> leaks = tables.heldOut()
                .among(
                        model,
                        incoming.stream()
                                .map(each -> each.screened().contentHash())
                                .toList());
        Admission admission = new Admission(filter.quality(), index.texts(), new AcceptedMeanings());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<StoredSample> all = new ArrayList<>(incoming.size());
        List<StoredSample> fresh = new ArrayList<>(incoming.size());
        for (Incoming each : incoming) {
            StoredSample known = before.get(each.candidate().sampleId());
            if (known == null) {
                boolean leak = leaks.contains(each.screened().contentHash());
                known = decide(each, admission.byText(each.screened(), leak), filter, index, now);
                if (known.state() == State.ACCEPTED) {
                    admission.add(each.screened(), null);
                }
                fresh.add(known);
            }
            all.add(known);
        }
        record(model, fresh);
        return all;
    }

    private static StoredSample decide(
            Incoming each, Verdict verdict, QualityFilter filter, ModelIndexes.Index index, Instant now) {
        State state = !verdict.isAccepted()
                ? State.REJECTED
                : filter.asksEncoder(each.candidate().source()) ? State.PENDING : State.ACCEPTED;
        @Nullable Long place = state == State.ACCEPTED ? index.nextPlace() : null;
        return new StoredSample(
                each.candidate().sampleId(),
                each.candidate().model(),
                each.candidate().source(),
                each.candidate().provenance().generationId(),
                each.payload(),
                each.candidate().provenance(),
                each.screened().contentHash(),
                each.screened().signature(),
                state,
                place,
                verdict,
                now);
    }

    private void record(String model, List<StoredSample> fresh) {
        if (!fresh.isEmpty()) {
            tables.samples().insert(fresh);
            tables.counts()
                    .add(model, fresh.stream().filter(StoredSample::isFinal).toList());
            tables.cohorts().arrive(model, fresh);
        }
    }
}
