package dev.perennial.common.event;

import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.event.ModelEvent.ModelDeclared;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.TrafficEvent.FeedbackReceived;
import dev.perennial.common.event.TrafficEvent.PredictionServed;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.event.TrainingEvent.TrainingFailed;
import dev.perennial.common.event.TrainingEvent.TrainingProgressed;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.common.spec.TrainingSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One event of every type, the same ones for ever: the golden files hold what they must be written as. */
final class EventExamples {
    private static final String MODEL = "broadband-support";
    private static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");
    private static final ArtifactRef ARTIFACT = new ArtifactRef("ab".repeat(32), 1234);
    private static final TrainingRequested REQUEST = new TrainingRequested(
            "run-1",
            MODEL,
            2,
            3,
            "all-minilm-l6-v2",
            List.of("gateway_offline", "slow_wifi"),
            new DatasetRef(ARTIFACT, 200),
            ARTIFACT,
            4,
            TrainingSpec.DEFAULT,
            "cpu-0",
            42);

    private EventExamples() {}

    static List<Event> all() {
        return List.of(
                new GenerationRequested("generation-1", MODEL, 2, Map.of("slow_wifi", 40), "drift", 7),
                new GenerationCompleted(
                        "generation-1", MODEL, 40, 38, List.of(new Count("duplicate", 2)), 5120, "complete"),
                new SampleCandidate(
                        "sample-1",
                        MODEL,
                        SampleSource.SYNTHETIC,
                        new SamplePayload.LabelledText("the halo ring is amber", "gateway_offline"),
                        new Provenance(
                                "offline",
                                "generation-1",
                                "support-utterances@1",
                                null,
                                "cd".repeat(32),
                                "grammar",
                                List.of("sample-0"))),
                new SampleScored(
                        "sample-1",
                        MODEL,
                        SampleSource.SYNTHETIC,
                        "generation-1",
                        new SamplePayload.LabelledText("the halo ring is amber", "gateway_offline"),
                        "ef".repeat(32),
                        false,
                        0.5,
                        Map.of("labelAgreement", 0.25),
                        List.of("label-contradicted")),
                REQUEST,
                new TrainingProgressed("run-1", MODEL, 1, 10, 70, 2, 0.75, 1500.5, Duration.ofSeconds(12), 0.875),
                new TrainingCompleted(
                        "run-1", MODEL, REQUEST, ARTIFACT, 10, 7, 0.9375, 0.125, 12345, Duration.ofSeconds(31)),
                new TrainingFailed("run-1", MODEL, 3, "the dataset has one label"),
                new EvaluationSetDeclared(MODEL, "holdout", 1, 1, List.of("ef".repeat(32))),
                new EvaluationCompleted(
                        "report-1",
                        MODEL,
                        "run-1",
                        REQUEST,
                        ARTIFACT,
                        4,
                        true,
                        true,
                        List.of("gain of 0.2 beyond noise"),
                        List.of(new SetScore("holdout", "accuracy", 100, 0.95, 0.5, 0.75))),
                new ModelDeclared(MODEL, 2, SpecReader.read("""
                                name: broadband-support
                                task: {type: classification, labels: [gateway_offline, slow_wifi]}
                                baseModel: all-minilm-l6-v2
                                generation: {difficulty: {easy: 1}}
                                evaluation: {sets: [holdout]}
                                """)),
                new VersionChanged(
                        MODEL,
                        5,
                        Stage.CANARY,
                        25,
                        "all-minilm-l6-v2",
                        List.of("gateway_offline", "slow_wifi"),
                        ARTIFACT,
                        "run-1",
                        "step 2 of 4",
                        17,
                        AT),
                new PredictionServed("request-1", MODEL, 5, "slow_wifi", 0.75, Duration.ofMillis(8), AT),
                new FeedbackReceived(
                        "feedback-1", "request-1", MODEL, 5, "slow_wifi", "gateway_offline", null, false, AT),
                new DriftDetected(
                        "drift-1",
                        MODEL,
                        5,
                        "adwin",
                        0.05,
                        0.4,
                        List.of(new LabelErrors("gateway_offline", 12, 20)),
                        AT));
    }
}
