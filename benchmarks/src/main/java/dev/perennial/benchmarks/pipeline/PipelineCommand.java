package dev.perennial.benchmarks.pipeline;

import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.embedded.EmbeddedInfrastructure;
import dev.perennial.embedded.Ports;
import dev.perennial.generator.generation.CandidatePublisher;
import dev.perennial.standalone.cli.Table;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.server.StandaloneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * Candidates of 1 KB from the generator's publisher through the scorer into the scheduler's pool, beside what the broker
 * and the database do alone on the same machine.
 */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = "Samples a second from the generator's output to the pool, beside the raw ceilings.")
public final class PipelineCommand implements Callable<Integer> {
    private static final String MODEL = "pipeline-benchmark";

    /** Rules, exact and near duplicates on; what needs a model off. */
    private static final String SPEC = """
            name: pipeline-benchmark
            task: {type: classification, labels: [one, two, three, four]}
            baseModel: all-minilm-l6-v2
            quality:
              rules: ["size(sample.text) <= 2000", "sample.label != ''"]
              duplicates: {threshold: 1, near: 0.8}
              labelAgreement: {top: 0}
            scheduling: {every: 900000000 samples}
            evaluation: {sets: [none]}
            """;

    @Option(names = "--samples", description = "candidates (default: ${DEFAULT-VALUE})", defaultValue = "100000")
    int samples;

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    /**
     * What was measured, in samples a second.
     *
     * @param stages each stage from the first sample that entered it to the last that left it
     */
    record Report(
            int samples,
            double seconds,
            double endToEndPerSecond,
            Map<String, Double> stages,
            double kafkaCeiling,
            double postgresCeiling,
            long accepted,
            long rejected) {}

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("perennial-benchmark-");
        Report report;
        double kafkaCeiling;
        double postgresCeiling;
        try (EmbeddedInfrastructure raw = EmbeddedInfrastructure.start(data.resolve("ceilings"), Ports.free())) {
            kafkaCeiling = Ceilings.kafka(raw.bootstrapServers(), samples);
            postgresCeiling = Ceilings.postgres(raw.jdbcUrl(), raw.user(), samples);
        }
        try (StandaloneServer server = StandaloneServer.start(data.resolve("server"), 0, List.of());
                PerennialClient client = new PerennialClient(server.endpoints())) {
            client.declare(MODEL, SPEC);
            report = push(server, kafkaCeiling, postgresCeiling);
        }
        System.out.println(json ? JsonMapper.shared().writeValueAsString(report) : text(report));
        return 0;
    }

    private Report push(StandaloneServer server, double kafkaCeiling, double postgresCeiling)
            throws InterruptedException, IOException {
        List<SampleCandidate> candidates = Candidates.make(MODEL, samples);
        CandidatePublisher publisher = server.part(CandidatePublisher.class);
        Arrivals arrivals = new Arrivals(server.infrastructure(), MODEL);
        arrivals.awaitModel();
        Thread watch = Thread.ofPlatform().start(() -> arrivals.watch(samples));
        long begin = System.nanoTime();
        publisher.publish(candidates);
        double publishing = seconds(begin);
        watch.join();
        arrivals.throwIfFailed();
        double total = (arrivals.pooledAt() - begin) / 1e9;
        Map<String, Double> stages = new LinkedHashMap<>();
        stages.put("generator", samples / publishing);
        stages.put("scorer", samples / ((arrivals.scoredAt() - begin) / 1e9));
        stages.put("scheduler", samples / total);
        return new Report(
                samples,
                total,
                samples / total,
                stages,
                kafkaCeiling,
                postgresCeiling,
                arrivals.accepted(),
                samples - arrivals.accepted());
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static String text(Report report) {
        Table table = new Table(List.of("", "samples/s"));
        report.stages().forEach((stage, perSecond) -> table.row(List.of(stage, rate(perSecond))));
        table.row(List.of("end to end", rate(report.endToEndPerSecond())));
        table.row(List.of("Kafka alone", rate(report.kafkaCeiling())));
        table.row(List.of("PostgreSQL alone", rate(report.postgresCeiling())));
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%d samples in %.1f s, %d accepted, %d rejected",
                        report.samples(),
                        report.seconds(),
                        report.accepted(),
                        report.rejected());
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, "%,.0f", perSecond);
    }
}
