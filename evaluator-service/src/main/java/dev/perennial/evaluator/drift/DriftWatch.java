package dev.perennial.evaluator.drift;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.LabelErrors;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the feedback on the live version into its watch and raises the alarm. Each feedback counts once however often it
 * is delivered: it is recorded in the transaction that moves the detector on.
 */
final class DriftWatch {
    private static final Logger log = LoggerFactory.getLogger(DriftWatch.class);

    private final ServiceSchema schema;
    private final ModelCatalog catalog;
    private final Outbox outbox;
    private final DriftStore store;
    private final Detectors detectors;
    private final DriftGauges gauges;
    private final DriftSettings settings;

    /** Makes detectors. */
    @FunctionalInterface
    interface Detectors {
        /**
         * One that goes on from a state.
         *
         * @param state null for one that has seen nothing
         */
        DriftDetector restore(@Nullable String state);
    }

    DriftWatch(
            ServiceSchema schema,
            ModelCatalog catalog,
            Outbox outbox,
            DriftStore store,
            Detectors detectors,
            DriftGauges gauges,
            DriftSettings settings) {
        this.schema = schema;
        this.catalog = catalog;
        this.outbox = outbox;
        this.store = store;
        this.detectors = detectors;
        this.gauges = gauges;
        this.settings = settings;
    }

    void handle(List<Envelope<FeedbackReceived>> batch) {
        // In the order of the names, so that two consumers never wait for each other's watches.
        Map<String, List<FeedbackReceived>> byModel = new TreeMap<>();
        for (Envelope<FeedbackReceived> envelope : batch) {
            byModel.computeIfAbsent(envelope.event().model(), model -> new ArrayList<>())
                    .add(envelope.event());
        }
        schema.transactions()
                .executeWithoutResult(status -> byModel.forEach((model, feedback) -> live(model)
                        .filter(live -> !answers(feedback, live).isEmpty())
                        .map(live -> store.hold(model, live))
                        .ifPresent(watch -> count(watch, feedback))));
        byModel.keySet().forEach(model -> status(model).ifPresent(now -> gauges.show(model, now)));
    }

    /** Where a model's watch is; empty while no feedback was counted. */
    Optional<DriftStatus> status(String model) {
        return store.find(model).map(watch -> DriftStatus.of(watch, detectors.restore(watch.state())));
    }

    private Optional<Integer> live(String model) {
        return catalog.version(model, Stage.LIVE).map(VersionChanged::version);
    }

    /** The live version is asked again: while the watch was waited for, another consumer may have moved it on. */
    private void count(Watch held, List<FeedbackReceived> feedback) {
        live(held.model()).ifPresent(live -> {
            Map<String, Answered> answers = answers(feedback, live);
            if (!answers.isEmpty()) {
                answers.keySet().removeAll(store.counted(answers.keySet()));
                observe(held.version() == live ? held : held.next(live), List.copyOf(answers.values()));
            }
        });
    }

    private static Map<String, Answered> answers(List<FeedbackReceived> feedback, int version) {
        Map<String, Answered> answers = new LinkedHashMap<>();
        feedback.stream()
                .filter(received -> received.version() == version)
                .map(Answered::of)
                .forEach(answered -> answers.putIfAbsent(answered.feedbackId(), answered));
        return answers;
    }

    private void observe(Watch watch, List<Answered> answers) {
        store.count(watch, answers);
        Observation observation = Observation.of(watch, detectors.restore(watch.state()), answers, settings);
        store.save(observation.watch());
        observation.alarm().ifPresent(alarm -> raise(watch, alarm));
    }

    private void raise(Watch watch, Observation.Alarm alarm) {
        List<LabelErrors> labels = BadLabels.of(
                store.labels(watch, alarm.suspicion().from(), alarm.position()),
                alarm.suspicion().before());
        String driftId = EventIds.of(
                "drift", watch.model(), watch.version(), alarm.answer().feedbackId());
        DriftDetected detected = new DriftDetected(
                driftId,
                watch.model(),
                watch.version(),
                detectors.restore(null).name(),
                alarm.suspicion().before(),
                alarm.after(),
                labels,
                alarm.answer().at());
        store.add(detected);
        outbox.append(new Envelope<>(driftId, schema.name(), detected.at(), watch.model(), detected));
        gauges.alarm(watch.model());
        log.warn(
                "drift.detected model={} version={} before={} after={} labels={}",
                watch.model(),
                watch.version(),
                detected.errorRateBefore(),
                detected.errorRateAfter(),
                labels.size());
    }
}
