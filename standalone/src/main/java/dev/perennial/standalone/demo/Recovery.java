package dev.perennial.standalone.demo;

import dev.perennial.standalone.client.Service;
import dev.perennial.standalone.demo.Narrator.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The act in which traffic drifts and the platform wins it back by itself: this only watches. */
final class Recovery {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Scene scene;
    private final Narrator narrator;
    private final Traffic traffic;
    private double noticedSeconds;
    private double driftToRolloutSeconds;
    private int version;
    private int generated;
    private int accepted;
    private String provider = "";

    Recovery(Scene scene, Narrator narrator, Traffic traffic) {
        this.scene = scene;
        this.narrator = narrator;
        this.traffic = traffic;
    }

    void play(List<Ticket> drifted, int live) {
        double begin = narrator.seconds();
        int rounds = rounds().size();
        traffic.turnTo(drifted);
        narrator.say("Drift: customers now write about new devices in new words.");
        watchAlarm();
        noticedSeconds = narrator.seconds() - begin;
        int round = watchRoundOpen(rounds);
        scene.watchRound(round);
        keepYield(scene.of(Service.SCHEDULER, "/rounds/" + round));
        narrator.say("The gate passed the candidate. Samples generated: " + generated + ", accepted: " + accepted
                + ", provider: " + provider + ".");
        version = scene.watchLive(live);
        driftToRolloutSeconds = narrator.seconds() - begin;
        narrator.say(String.format(
                Locale.ROOT,
                "Version %d has all traffic, %.0f s after the drift began.",
                version,
                driftToRolloutSeconds));
    }

    private void watchAlarm() {
        narrator.watch("waiting for the alarm", PATIENCE, () -> {
            boolean alarmed = !alarms().isEmpty();
            return new Progress(alarmed ? 1 : 0, 1, Scene.percent(traffic.recentAccuracy()), alarmed);
        });
        JsonNode alarm = alarms().get(0);
        String labels = alarm.path("labels")
                .valueStream()
                .map(label -> label.path("label").asString())
                .collect(Collectors.joining(", "));
        narrator.say(String.format(
                Locale.ROOT,
                "Drift alarm: error rate %.0f %% -> %.0f %%; worst: %s.",
                alarm.path("errorRateBefore").asDouble() * 100,
                alarm.path("errorRateAfter").asDouble() * 100,
                labels));
    }

    private int watchRoundOpen(int before) {
        narrator.watch("round opens", PATIENCE, () -> new Progress(0, 1, "", rounds().size() > before));
        return rounds().get(0).path("round").asInt();
    }

    private void keepYield(JsonNode round) {
        JsonNode generation = round.path("generation");
        generated = generation.path("published").asInt();
        accepted = generation.path("accepted").asInt();
        provider = scene.client()
                .get(
                        Service.GENERATOR,
                        "/api/generations/" + generation.path("generationId").asString())
                .path("provider")
                .asString("");
    }

    private JsonNode alarms() {
        return scene.of(Service.EVALUATOR, "/drift").path("alarms").path("items");
    }

    private JsonNode rounds() {
        return scene.of(Service.SCHEDULER, "/rounds").path("items");
    }

    double noticedSeconds() {
        return noticedSeconds;
    }

    double driftToRolloutSeconds() {
        return driftToRolloutSeconds;
    }

    int version() {
        return version;
    }

    int generated() {
        return generated;
    }

    int accepted() {
        return accepted;
    }

    String provider() {
        return provider;
    }
}
