package dev.perennial.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.common.event.EventFamily;
import dev.perennial.common.event.ModelEvent;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.TrafficEvent;
import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import dev.perennial.common.event.TrafficEvent.PredictionServed;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.EventSubscriptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RegistryEventsIT {
    private final TestRegistry registry = TestRegistry.shared();

    @Test
    void every_change_of_stage_or_share_is_told_in_order_under_the_versions_key() {
        String model = registry.model("{steps: [20, 100], minRequests: 5, window: 60s}");
        List<Envelope<ModelEvent>> told = new CopyOnWriteArrayList<>();
        var container = registry.bean(EventSubscriptions.class)
                .<ModelEvent>batch(
                        "models-probe",
                        EventFamily.MODELS,
                        Set.of(ModelDeclared.class, VersionChanged.class),
                        batch -> batch.stream()
                                .filter(envelope -> envelope.event().model().equals(model))
                                .forEach(told::add));
        container.start();
        try {
            registry.register(model, "");
            registry.register(model, "");
            registry.post("/api/models/" + model + "/rollout/promote", "{}");
            TestRegistry.await(() -> told.size() == 8);
        } finally {
            container.stop();
        }

        assertThat(told.getFirst().key()).isEqualTo(model);
        assertThat(told.getFirst().event()).isInstanceOf(ModelDeclared.class);
        List<VersionChanged> changes = told.stream()
                .skip(1)
                .map(envelope -> (VersionChanged) envelope.event())
                .toList();
        assertThat(changes)
                .extracting(change -> change.version() + " " + change.stage() + " " + change.trafficPercent())
                .containsExactly(
                        "1 CANDIDATE 0",
                        "1 LIVE 100",
                        "2 CANDIDATE 0",
                        "1 LIVE 80",
                        "2 CANARY 20",
                        "1 RETIRED 0",
                        "2 LIVE 100");
        assertThat(changes).extracting(VersionChanged::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(told.getLast().key()).isEqualTo(model + "/2");
    }

    @Test
    void answers_and_feedback_are_told_under_the_request_id() {
        String model = registry.model("{}");
        registry.register(model, "");
        registry.awaitAnswersFrom(model, 1);
        List<Envelope<TrafficEvent>> told = new CopyOnWriteArrayList<>();
        var container = registry.bean(EventSubscriptions.class)
                .<TrafficEvent>batch(
                        "traffic-probe",
                        EventFamily.TRAFFIC,
                        Set.of(PredictionServed.class, FeedbackReceived.class),
                        told::addAll);
        container.start();
        String requestId =
                registry.predict(model, "k", "slow").body().path("requestId").asString();
        try {
            registry.post("/v1/feedback", "{\"requestId\": \"%s\", \"label\": \"offline\"}".formatted(requestId));
            TestRegistry.await(() -> about(told, requestId).size() == 2);
        } finally {
            container.stop();
        }

        assertThat(about(told, requestId))
                .extracting(Envelope::event)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                PredictionServed.class,
                                served -> assertThat(served.label()).isEqualTo("slow")))
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(FeedbackReceived.class, feedback -> {
                    assertThat(feedback.predictedLabel()).isEqualTo("slow");
                    assertThat(feedback.correctLabel()).isEqualTo("offline");
                    assertThat(feedback.correct()).isFalse();
                }));
    }

    private static List<Envelope<TrafficEvent>> about(List<Envelope<TrafficEvent>> told, String requestId) {
        return told.stream()
                .filter(envelope -> envelope.key().equals(requestId))
                .toList();
    }
}
