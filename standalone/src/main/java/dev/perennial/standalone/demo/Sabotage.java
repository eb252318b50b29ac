package dev.perennial.standalone.demo;

import dev.perennial.standalone.client.Service;
import dev.perennial.standalone.demo.Narrator.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The act in which somebody pushes a broken adapter past the gate and the canary takes it back. */
final class Sabotage {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Scene scene;
    private final Narrator narrator;
    private final Traffic traffic;
    private int version;
    private double seconds;

    Sabotage(Scene scene, Narrator narrator, Traffic traffic) {
        this.scene = scene;
        this.narrator = narrator;
        this.traffic = traffic;
    }

    void play(Path artifacts, int live) {
        String adapter = scene.of(Service.REGISTRY, "/versions/" + live)
                .path("adapter")
                .path("sha256")
                .asString();
        byte[] bad = BadAdapter.of(artifacts.resolve(adapter));
        double begin = narrator.seconds();
        version = scene.client()
                .importVersion(scene.model(), bad, "exported by hand")
                .path("version")
                .asInt();
        narrator.say("A bad candidate is pushed past the gate: version " + version + ", its labels mixed up.");
        narrator.watch("canary", PATIENCE, () -> {
            String stage = scene.of(Service.REGISTRY, "/versions/" + version)
                    .path("stage")
                    .asString();
            if (stage.equals("LIVE")) {
                throw new DemoException("the bad candidate went live");
            }
            String note = traffic.answeredBy(version) + " answers, " + traffic.wrongBy(version) + " wrong";
            return new Progress(traffic.answeredBy(version), -1, note, stage.equals("ROLLED_BACK"));
        });
        seconds = narrator.seconds() - begin;
        JsonNode rollback =
                scene.of(Service.REGISTRY, "/timeline").path("items").get(0);
        narrator.say(String.format(
                Locale.ROOT,
                "Rolled back after %.1f s and %d answers: %s",
                seconds,
                traffic.answeredBy(version),
                rollback.path("reason").asString()));
    }

    int version() {
        return version;
    }

    double seconds() {
        return seconds;
    }
}
