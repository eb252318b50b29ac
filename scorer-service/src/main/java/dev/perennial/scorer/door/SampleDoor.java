package dev.perennial.scorer.door;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.Provenance;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SamplePayload.LabelledText;
import dev.perennial.common.event.SampleSource;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.scorer.candidate.Filters;
import dev.perennial.scorer.heldout.HeldOutTexts;
import dev.perennial.scorer.quality.Reasons;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/**
 * Takes real samples in: what passes becomes a candidate like any other, through the outbox. A sample's id is a function
 * of model, label and text, so that sending a file twice adds nothing.
 */
final class SampleDoor {
    private static final int REPORTED_ROWS = 100;

    private final ServiceSchema schema;
    private final ModelCatalog catalog;
    private final Filters filters;
    private final HeldOutTexts heldOut;
    private final Outbox outbox;
    private final Clock clock;

    SampleDoor(
            ServiceSchema schema,
            ModelCatalog catalog,
            Filters filters,
            HeldOutTexts heldOut,
            Outbox outbox,
            Clock clock) {
        this.schema = schema;
        this.catalog = catalog;
        this.filters = filters;
        this.heldOut = heldOut;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Takes an upload.
     *
     * @throws ProblemException when there is nothing to take, or a row is refused and {@code onError} says abort;
     *     nothing is stored then
     */
    Receipt receive(String model, List<UploadedRow> uploaded, OnError onError) {
        if (uploaded.isEmpty()) {
            throw ProblemException.badRequest("no-samples", "The body has no rows; send one sample a line.");
        }
        CheckedUpload upload =
                CheckedUpload.check(uploaded, filters.of(catalog.require(model)).screening());
        Receipt receipt = schema.transactions().execute(status -> store(model, uploaded.size(), upload, onError));
        return Objects.requireNonNull(receipt);
    }

    private Receipt store(String model, int received, CheckedUpload upload, OnError onError) {
        Set<String> leaks = heldOut.among(
                model,
                upload.rows().stream().map(CheckedUpload.Row::contentHash).toList());
        List<RowError> errors = new ArrayList<>(upload.errors());
        upload.rows().stream()
                .filter(row -> leaks.contains(row.contentHash()))
                .map(row -> new RowError(
                        row.row(),
                        Reasons.EVALUATION_LEAK,
                        "The text belongs to an evaluation set of the model, which must not be trained on; remove it"
                                + " here or there."))
                .forEach(errors::add);
        errors.sort(Comparator.comparingInt(RowError::row));
        if (!errors.isEmpty() && onError == OnError.ABORT) {
            throw refused(received, errors);
        }
        Map<String, CheckedUpload.Row> candidates = new LinkedHashMap<>();
        upload.rows().stream()
                .filter(row -> !leaks.contains(row.contentHash()))
                .forEach(row -> candidates.put(EventIds.of("sample", model, row.label(), row.contentHash()), row));
        Set<String> known = known(candidates.keySet());
        candidates.keySet().removeAll(known);
        queue(model, candidates);
        return new Receipt(
                received, candidates.size(), upload.repeated() + known.size(), errors.size(), reported(errors));
    }

    private void queue(String model, Map<String, CheckedUpload.Row> candidates) {
        List<Envelope<SampleCandidate>> envelopes = new ArrayList<>();
        candidates.forEach((sampleId, row) -> envelopes.add(new Envelope<>(
                EventIds.of("sample-door", sampleId),
                "scorer",
                clock.instant(),
                sampleId,
                new SampleCandidate(
                        sampleId,
                        model,
                        SampleSource.REAL,
                        new LabelledText(row.text(), row.label()),
                        Provenance.upload()))));
        outbox.append(envelopes);
    }

    private Set<String> known(Set<String> sampleIds) {
        return schema
                .jdbc()
                .sql("select sample_id from scorer.sample where sample_id = any(?)")
                .param(sampleIds.toArray(String[]::new))
                .query(String.class)
                .stream()
                .collect(Collectors.toSet());
    }

    private static List<RowError> reported(List<RowError> errors) {
        return List.copyOf(errors.subList(0, Math.min(errors.size(), REPORTED_ROWS)));
    }

    private static ProblemException refused(int received, List<RowError> errors) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "samples-refused",
                errors.size() + " of " + received + " rows are refused, so nothing was stored; correct them, or add"
                        + " ?onError=skip to take the others.",
                Map.of("received", received, "rejected", errors.size(), "rows", reported(errors)));
    }
}
