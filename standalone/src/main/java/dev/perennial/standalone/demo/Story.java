package dev.perennial.standalone.demo;

import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.server.Platform;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The demo from its first line to its table. Everything goes through the public HTTP interface, as a product team would;
 * every figure is measured in the run.
 */
public final class Story {
    private static final double REQUESTS_PER_SECOND = 15;
    private static final int CALM_REQUESTS = 150;
    private static final long SEED = 20260101;

    private final Narrator narrator;

    public Story(PrintStream out) {
        this.narrator = new Narrator(out);
    }

    /** Plays it on a platform that this starts and stops. */
    public DemoReport play(Supplier<Platform> start) {
        narrator.say("Starting Perennial (PostgreSQL, Kafka and the six services) ...");
        try (Platform platform = start.get();
                PerennialClient client = new PerennialClient(platform.endpoints())) {
            narrator.say("Ready.");
            return play(new Scene(client, narrator), client, platform);
        }
    }

    private DemoReport play(Scene scene, PerennialClient client, Platform platform) {
        List<Ticket> core = DemoFiles.tickets("core.jsonl");
        List<Ticket> drifted = DemoFiles.tickets("drifted.jsonl");
        Measure measure = new Measure(client, scene.model());
        scene.declare();
        int first = scene.firstVersion();
        double coreBefore = measure.accuracy(core);
        double driftedBefore = measure.accuracy(drifted);
        narrator.say(String.format(
                Locale.ROOT, "Version %d is live: %.1f %% right on the core set.", first, coreBefore * 100));

        try (Traffic traffic =
                new Traffic(client, scene.model(), DemoFiles.tickets("traffic.jsonl"), REQUESTS_PER_SECOND, SEED)) {
            scene.calm(traffic, CALM_REQUESTS);
            Recovery recovery = new Recovery(scene, narrator, traffic);
            recovery.play(DemoFiles.tickets("drifted-traffic.jsonl"), first);
            double driftedAfter = measure.accuracy(drifted);
            double coreAfter = measure.accuracy(core);
            narrator.say(String.format(
                    Locale.ROOT,
                    "Version %d is live: %.1f %% right on the drifted set (before: %.1f %%), %.1f %% on the core set.",
                    recovery.version(),
                    driftedAfter * 100,
                    driftedBefore * 100,
                    coreAfter * 100));
            Sabotage sabotage = new Sabotage(scene, narrator, traffic);
            sabotage.play(platform.artifacts(), recovery.version());
            traffic.end();
            int requests = traffic.sent() + measure.requests();
            return new DemoReport(
                    driftedBefore,
                    driftedAfter,
                    coreBefore,
                    coreAfter,
                    recovery.driftToRolloutSeconds(),
                    (double) traffic.wrongBy(sabotage.version()) / requests,
                    traffic.failed() + measure.failed(),
                    narrator.seconds(),
                    requests,
                    recovery.generated(),
                    recovery.accepted(),
                    recovery.noticedSeconds(),
                    sabotage.seconds(),
                    recovery.provider());
        }
    }
}
