package dev.perennial.benchmarks.predict;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.server.StandaloneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** The gateway beside the bare model call, in pairs; then a version swap under load. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Latency through the gateway beside the bare model call, and a version swap under load.")
public final class PredictCommand implements Callable<Integer> {
    private static final String MODEL = "predict-benchmark";
    private static final List<String> LABELS = List.of("offline", "slow");
    private static final String SPEC = """
            name: predict-benchmark
            task: {type: classification, labels: [offline, slow]}
            baseModel: all-minilm-l6-v2
            evaluation: {sets: [none]}
            rollout: {minRequests: 1000000, window: 1h}
            """;

    @Option(
            names = "--pairs",
            description = "measured pairs, after as many to warm up (default: ${DEFAULT-VALUE})",
            defaultValue = "1000")
    int pairs;

    @Option(
            names = "--rate",
            description = "requests a second of the swap (default: ${DEFAULT-VALUE})",
            defaultValue = "50")
    int rate;

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    /** What was measured; times in milliseconds. */
    record Report(
            double bareP50, double gatewayP50, double bareP99, double gatewayP99, double ratioP50, Swap.Result swap) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("perennial-benchmark-");
        try {
            Report report = measure(data);
            System.out.println(json ? JsonMapper.shared().writeValueAsString(report) : text(report));
            return 0;
        } finally {
            FileSystemUtils.deleteRecursively(data);
        }
    }

    private Report measure(Path data) throws IOException, InterruptedException {
        try (TextEncoder encoder = TextEncoder.open("all-minilm-l6-v2");
                TextClassifier bare = train(encoder, 1);
                StandaloneServer server = StandaloneServer.start(data, 0, List.of());
                PerennialClient client = new PerennialClient(server.endpoints())) {
            client.declare(MODEL, SPEC);
            client.importVersion(MODEL, AdapterArchive.zip(bare.save(data.resolve("adapter"))), "benchmark");
            return compare(
                    bare, client, new Swap(client, MODEL, List.of(other(encoder, data, 2), other(encoder, data, 3))));
        }
    }

    /** An adapter that differs from the bare one, or its import would change nothing. */
    private static byte[] other(TextEncoder encoder, Path data, long seed) throws IOException {
        try (TextClassifier classifier = train(encoder, seed)) {
            return AdapterArchive.zip(classifier.save(data.resolve("adapter-" + seed)));
        }
    }

    private static TextClassifier train(TextEncoder encoder, long seed) {
        List<LabelledText> texts = new ArrayList<>();
        for (String place : List.of("kitchen", "attic", "office", "cellar")) {
            texts.add(new LabelledText("no connection at all in the " + place, "offline"));
            texts.add(new LabelledText("everything crawls in the " + place, "slow"));
        }
        TrainingData data = new TrainingData(LABELS, texts, texts);
        try (TrainingSession<TextClassifier> session = TrainingSession.start(
                encoder, data, TrainingConfig.defaults().withEpochs(2).withSeed(seed))) {
            while (!session.done()) {
                session.step();
            }
            return session.finish();
        }
    }

    /** Bare call and request in turn, so that both meet the same machine. */
    private Report compare(TextClassifier bare, PerennialClient client, Swap swap) throws InterruptedException {
        List<Double> bareMillis = new ArrayList<>();
        List<Double> gatewayMillis = new ArrayList<>();
        for (int i = 0; i < 2 * pairs; i++) {
            String text = "since this morning room number " + i + " has no internet, what should I do now";
            double direct = millis(() -> bare.classify(text));
            double requested = millis(() -> client.predict(MODEL, text, null));
            if (i >= pairs) {
                bareMillis.add(direct);
                gatewayMillis.add(requested);
            }
        }
        double bareP50 = Quantile.of(bareMillis, 0.5);
        double gatewayP50 = Quantile.of(gatewayMillis, 0.5);
        return new Report(
                bareP50,
                gatewayP50,
                Quantile.of(bareMillis, 0.99),
                Quantile.of(gatewayMillis, 0.99),
                gatewayP50 / bareP50,
                swap.run(rate));
    }

    private static double millis(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e6;
    }

    private static String text(Report report) {
        return String.format(
                Locale.ROOT,
                """
                bare model call   p50 %.2f ms  p99 %.2f ms
                through gateway   p50 %.2f ms  p99 %.2f ms
                ratio of p50      %.2f
                swap under load   %d requests at %d/s, %d swaps, %d failed""",
                report.bareP50(),
                report.bareP99(),
                report.gatewayP50(),
                report.gatewayP99(),
                report.ratioP50(),
                report.swap().requests(),
                report.swap().perSecond(),
                report.swap().swaps(),
                report.swap().failed());
    }
}
