package dev.perennial.registry.feedback;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import dev.perennial.registry.gateway.Prediction;
import dev.perennial.registry.rollout.Arm;
import dev.perennial.registry.rollout.Observation;
import java.time.Instant;

/** An opinion on a known answer. */
record Judgement(Prediction given, Opinion opinion, Instant at) {
    String feedbackId() {
        return EventIds.of("feedback", given.requestId());
    }

    boolean correct() {
        return opinion.finds(given.label());
    }

    Observation observation() {
        return new Observation(
                given.model(), given.version(), given.at(), correct() ? Arm.judged(1, 0) : Arm.judged(0, 1));
    }

    FeedbackReceived event() {
        return new FeedbackReceived(
                feedbackId(),
                given.requestId(),
                given.model(),
                given.version(),
                given.label(),
                opinion.label(),
                opinion.rating(),
                correct(),
                at);
    }
}
