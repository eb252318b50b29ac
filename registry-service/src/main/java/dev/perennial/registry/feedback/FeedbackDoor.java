package dev.perennial.registry.feedback;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.common.problem.ProblemException;
import dev.perennial.registry.gateway.Prediction;
import dev.perennial.registry.gateway.Predictions;
import dev.perennial.registry.model.Models;
import dev.perennial.registry.rollout.Releases;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Takes feedback: all of a call's or none, and each answer's once. */
final class FeedbackDoor {
    private final ServiceSchema schema;
    private final FeedbackStore store;
    private final Predictions predictions;
    private final Models models;
    private final Releases releases;
    private final Outbox outbox;
    private final Clock clock;

    FeedbackDoor(
            ServiceSchema schema,
            FeedbackStore store,
            Predictions predictions,
            Models models,
            Releases releases,
            Outbox outbox,
            Clock clock) {
        this.schema = schema;
        this.store = store;
        this.predictions = predictions;
        this.models = models;
        this.releases = releases;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What became of a call's feedback. */
    record Taken(int accepted, int duplicates) {}

    Taken take(List<Opinion> opinions) {
        Map<String, Opinion> distinct = distinct(opinions);
        List<Judgement> judgements = judgements(distinct);
        int added = Objects.requireNonNull(schema.transactions().execute(status -> add(judgements)));
        return new Taken(added, opinions.size() - added);
    }

    private int add(List<Judgement> judgements) {
        Set<String> added = store.add(judgements);
        List<Judgement> fresh = judgements.stream()
                .filter(judgement -> added.contains(judgement.given().requestId()))
                .toList();
        refuseSecondThoughts(judgements.stream()
                .filter(judgement -> !added.contains(judgement.given().requestId()))
                .map(Judgement::opinion)
                .toList());
        outbox.append(fresh.stream()
                .map(judgement -> new Envelope<>(
                        judgement.feedbackId(),
                        schema.name(),
                        judgement.at(),
                        judgement.given().requestId(),
                        judgement.event()))
                .toList());
        releases.observe(fresh.stream().map(Judgement::observation).toList());
        return fresh.size();
    }

    private void refuseSecondThoughts(List<Opinion> repeated) {
        Map<String, Opinion> before =
                store.find(repeated.stream().map(Opinion::id).toList());
        repeated.forEach(opinion -> refuseUnlessSame(opinion, before.get(opinion.id())));
    }

    private static void refuseUnlessSame(Opinion opinion, @Nullable Opinion before) {
        if (before != null && !before.equals(opinion)) {
            throw ProblemException.conflict(
                    "feedback-contradicts",
                    "Request '" + opinion.id() + "' was judged before, and differently; the first feedback stands and"
                            + " nothing of this call was taken. Send the call without it.");
        }
    }

    private static Map<String, Opinion> distinct(List<Opinion> opinions) {
        Map<String, Opinion> distinct = new TreeMap<>();
        for (Opinion opinion : opinions) {
            opinion.check();
            refuseUnlessSame(opinion, distinct.put(opinion.id(), opinion));
        }
        return distinct;
    }

    private List<Judgement> judgements(Map<String, Opinion> opinions) {
        Map<String, Prediction> given = predictions.find(opinions.keySet());
        List<String> unknown = opinions.keySet().stream()
                .filter(requestId -> !given.containsKey(requestId))
                .toList();
        if (!unknown.isEmpty()) {
            throw ProblemException.notFound(
                    "request-unknown",
                    "No answer has the request id " + String.join(", ", unknown)
                            + "; send the requestId that the prediction was answered with. Nothing of this call was"
                            + " taken.");
        }
        refuseUnknownLabels(opinions, given);
        Instant now = clock.instant();
        return opinions.values().stream()
                .map(opinion -> new Judgement(Objects.requireNonNull(given.get(opinion.id())), opinion, now))
                .toList();
    }

    private void refuseUnknownLabels(Map<String, Opinion> opinions, Map<String, Prediction> given) {
        Map<String, List<String>> labels = new HashMap<>();
        given.forEach((requestId, prediction) -> {
            List<String> allowed = labels.computeIfAbsent(
                    prediction.model(),
                    model -> models.require(model).spec().task().labels());
            Opinion opinion = opinions.get(requestId);
            String label = opinion == null ? null : opinion.label();
            if (label != null && !allowed.contains(label)) {
                throw ProblemException.badRequest(
                        "label-unknown",
                        "'" + label + "' is not a label of '" + prediction.model() + "'; use one of "
                                + String.join(", ", allowed) + ". Nothing of this call was taken.");
            }
        });
    }
}
