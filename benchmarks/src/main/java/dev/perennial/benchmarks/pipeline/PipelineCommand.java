package dev.perennial.benchmarks.pipeline;

import dev.perennial.common.event.SampleEvent.SampleCandidate;
import dev.perennial.embedded.EmbeddedInfrastructure;
import dev.perennial.embedded.Ports;
import dev.perennial.generator.generation.CandidatePublisher;
import dev.perennial.standalone.cli.Table;
import dev.perennial.standalone.client.PerennialClient;
import dev.perennial.standalone.server.StandaloneServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
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
    private static final String WARM_UP_MODEL = "pipeline-warm-up";
    private static final int WARM_UP_SHARE = 5;

    @Option(names = "--samples", description = "candidates (default: ${DEFAULT-VALUE})", defaultValue = "100000")
    int samples;

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    private record Ceiling(double kafka, double postgres) {}

    /** When the last sample left each stage, in seconds since the first one was published. */
    private record Passage(double published, double scored, double pooled, long accepted) {}

    /**
     * What was measured, in samples a second, after a warm-up of a fifth of the samples under another model.
     *
     * @param stages each stage from the first sample that entered the pipeline to the last that left the stage
     */
    record Report(
            int samples,
            double seconds,
            double endToEndPerSecond,
            Map<String, Double> stages,
            double kafkaCeiling,
            double postgresCeiling,
            long accepted,
            long rejected) {
        private static Report of(int samples, Passage passage, Ceiling ceiling) {
            Map<String, Double> stages = new LinkedHashMap<>();
            stages.put("generator", samples / passage.published());
            stages.put("scorer", samples / passage.scored());
            stages.put("scheduler", samples / passage.pooled());
            return new Report(
                    samples,
                    passage.pooled(),
                    samples / passage.pooled(),
                    stages,
                    ceiling.kafka(),
                    ceiling.postgres(),
                    passage.accepted(),
                    samples - passage.accepted());
        }
    }

    @Override
    public Integer call() throws Exception {
        Path data = Files.createTempDirectory("perennial-benchmark-");
        try {
            Report report = measure(data);
            System.out.println(json ? JsonMapper.shared().writeValueAsString(report) : text(report));
            return 0;
        } finally {
            FileSystemUtils.deleteRecursively(data);
        }
    }

    private Report measure(Path data) throws Exception {
        double kafkaCeiling;
        double postgresCeiling;
        try (EmbeddedInfrastructure raw = EmbeddedInfrastructure.start(data.resolve("ceilings"), Ports.free())) {
            kafkaCeiling = Ceilings.kafka(raw.bootstrapServers(), samples);
            postgresCeiling = Ceilings.postgres(raw.jdbcUrl(), raw.user(), samples);
        }
        try (StandaloneServer server = StandaloneServer.start(data.resolve("server"), 0, List.of());
                PerennialClient client = new PerennialClient(server.endpoints())) {
            push(server, client, WARM_UP_MODEL, samples / WARM_UP_SHARE);
            return Report.of(samples, push(server, client, MODEL, samples), new Ceiling(kafkaCeiling, postgresCeiling));
        }
    }

    private static Passage push(StandaloneServer server, PerennialClient client, String model, int samples)
            throws InterruptedException {
        client.declare(model, spec(model));
        List<SampleCandidate> candidates = Candidates.make(model, samples);
        CandidatePublisher publisher = server.part(CandidatePublisher.class);
        Arrivals arrivals = new Arrivals(server.infrastructure(), model);
        arrivals.awaitModel();
        Thread watch = Thread.ofPlatform().start(() -> arrivals.watch(samples));
        long begin = System.nanoTime();
        publisher.publish(candidates);
        double published = seconds(begin, System.nanoTime());
        watch.join();
        arrivals.throwIfFailed();
        return new Passage(
                published,
                seconds(begin, arrivals.scoredAt()),
                seconds(begin, arrivals.pooledAt()),
                arrivals.accepted());
    }

    /** Rules, exact and near duplicates on; what needs a model off. */
    private static String spec(String model) {
        return """
            name: %s
            task: {type: classification, labels: [one, two, three, four]}
            baseModel: all-minilm-l6-v2
            quality:
              rules: ["size(sample.text) <= 2000", "sample.label != ''"]
              duplicates: {threshold: 1, near: 0.8}
              labelAgreement: {top: 0}
            scheduling: {every: 900000000 samples}
            evaluation: {sets: [none]}
            """.formatted(model);
    }

    private static double seconds(long begin, long end) {
        return (end - begin) / 1e9;
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
