package dev.perennial.standalone.demo;

import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.standalone.cli.Patience;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.client.RefusedException;
import dev.perennial.standalone.client.SampleFormat;
import dev.perennial.standalone.client.Service;
import dev.perennial.standalone.demo.Narrator.Progress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the demo's acts share: the model, its declaration, and looking at how it is. */
final class Scene {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** Evaluation sets of the spec and the files that hold them. */
    private static final Map<String, String> SETS = Map.of("core", "core.jsonl", "new-devices", "drifted.jsonl");

    private final PerennialClient client;
    private final Narrator narrator;
    private final ModelSpec spec = SpecReader.read(DemoFiles.text("spec.yaml"));

    Scene(PerennialClient client, Narrator narrator) {
        this.client = client;
        this.narrator = narrator;
    }

    PerennialClient client() {
        return client;
    }

    String model() {
        return spec.name();
    }

    /** Spec, template, knowledge, evaluation sets and the real samples, as {@code perennial apply} sends them. */
    void declare() {
        client.putTemplate(spec.generation().template(), DemoFiles.text("template.yaml"));
        client.declare(model(), DemoFiles.text("spec.yaml"));
        for (String file : spec.generation().knowledge()) {
            Patience.untilKnown(() -> client.putKnowledge(model(), file, DemoFiles.text(file)));
        }
        for (String set : spec.evaluation().sets()) {
            String file = SETS.get(set);
            if (file == null) {
                throw new IllegalStateException("the demo has no file for the evaluation set " + set);
            }
            Patience.untilKnown(
                    () -> client.putEvaluationSet(model(), set, DemoFiles.text(file), SampleFormat.JSON_LINES));
        }
        String training = DemoFiles.text("training.jsonl");
        long tickets = training.lines().count();
        Patience.untilKnown(() -> client.addSamples(model(), training, SampleFormat.JSON_LINES));
        narrator.say("Declared " + model() + " with " + spec.task().labels().size() + " intents and " + tickets
                + " real tickets.");
        narrator.watch("checking the tickets", PATIENCE, () -> {
            JsonNode pool = of(Service.SCHEDULER, "/pool");
            long scored = pool.path("real").asLong() + pool.path("rejected").asLong();
            return new Progress(scored, tickets, pool.path("rejected").asLong() + " rejected", scored >= tickets);
        });
    }

    /** Trains the first version and returns its number once it is live. */
    int firstVersion() {
        int round = Patience.untilKnown(() -> client.startRound(model(), false, "first version"))
                .path("round")
                .asInt();
        watchRound(round);
        int live = watchLive(0);
        watchAnswering();
        return live;
    }

    /** The very first version has nobody to answer for it while the gateway loads it. */
    private void watchAnswering() {
        narrator.watch("the gateway loads it", PATIENCE, () -> {
            try {
                client.predict(model(), "hello", null);
                return new Progress(1, 1, "", true);
            } catch (RefusedException e) {
                return new Progress(0, 1, String.valueOf(e.getMessage()), false);
            }
        });
    }

    void calm(Traffic traffic, int requests) {
        narrator.watch(
                "ordinary traffic",
                PATIENCE,
                () -> new Progress(
                        traffic.sent(), requests, percent(traffic.recentAccuracy()), traffic.sent() >= requests));
        narrator.say("Ordinary traffic: " + percent(traffic.recentAccuracy()) + ".");
    }

    /** Shows a round from its generation to its verdict. */
    void watchRound(int number) {
        narrator.watch("round " + number, PATIENCE, () -> {
            JsonNode round = round(number);
            String state = round.path("state").asString();
            if (state.equals("FAILED")) {
                throw new DemoException(
                        "round " + number + " failed: " + round.path("failure").asString());
            }
            return progress(round, state);
        });
        JsonNode round = round(number);
        if (!round.path("passed").asBoolean()) {
            JsonNode report = client.get(
                    Service.EVALUATOR, "/api/reports/" + round.path("reportId").asString());
            throw new DemoException("the gate refused round " + number + ": " + report.path("reasons"));
        }
    }

    private Progress progress(JsonNode round, String state) {
        boolean ended = state.equals("FINISHED");
        String name = state.toLowerCase(Locale.ROOT);
        JsonNode generation = round.path("generation");
        if (state.equals("TRAINING")) {
            return training(round.path("runId").asString());
        }
        if (generation.isObject() && (state.equals("GENERATING") || state.equals("COLLECTING"))) {
            return new Progress(
                    generation.path("arrived").asLong(),
                    generation.path("requested").asLong(),
                    name + ", " + generation.path("accepted").asLong() + " accepted",
                    false);
        }
        return new Progress(ended ? 1 : 0, 1, name, ended);
    }

    private Progress training(String runId) {
        try {
            JsonNode run = client.get(Service.TRAINER, "/api/runs/" + runId);
            String loss = String.format(
                    Locale.ROOT, "training, loss %.3f", run.path("loss").asDouble());
            return new Progress(
                    run.path("step").asLong(), run.path("totalSteps").asLong(), loss, false);
        } catch (RefusedException e) {
            return new Progress(0, 1, "training", false);
        }
    }

    /** Waits until a version newer than this one has all traffic, and returns it. */
    int watchLive(int after) {
        narrator.watch("rollout", PATIENCE, () -> {
            JsonNode model = of(Service.REGISTRY, "");
            int live = model.path("live").asInt(0);
            int percent = live > after ? 100 : model.path("canaryPercent").asInt(0);
            return new Progress(percent, 100, percent + " % of the traffic", live > after);
        });
        return of(Service.REGISTRY, "").path("live").asInt();
    }

    JsonNode of(Service service, String path) {
        return client.get(service, "/api/models/" + model() + path);
    }

    private JsonNode round(int number) {
        return of(Service.SCHEDULER, "/rounds/" + number);
    }

    static String percent(double accuracy) {
        return String.format(Locale.ROOT, "%.0f %% right lately", accuracy * 100);
    }
}
