package dev.perennial.benchmarks.lora;

import dev.perennial.standalone.cli.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Tokens a second and peak memory of training and generation, beside Python's peft and transformers. */
@Command(
        name = "lora",
        mixinStandardHelpOptions = true,
        description =
                "Tokens a second and peak memory of training and generation, beside Python's peft and transformers.")
public final class LoraCommand implements Callable<Integer> {
    @Option(names = "--data", description = "folder with CLINC150's data_full.json; the encoder cases need it")
    @Nullable
    Path data;

    @Option(
            names = "--python",
            description = "interpreter that has torch, transformers and peft (default: ${DEFAULT-VALUE})",
            defaultValue = "python3")
    Path python = Path.of("python3");

    @Option(names = "--no-python", description = "measure only the library")
    boolean alone;

    @Option(
            names = "--pairs",
            description = "runs of each side, alternated (default: ${DEFAULT-VALUE})",
            defaultValue = "5")
    int pairs;

    @Option(
            names = "--cases",
            split = ",",
            description = "only these: encoder-default, encoder-grouped, encoder-half-frozen, decoder, generation-1,"
                    + " generation-8")
    List<String> cases = Arrays.stream(Workload.values()).map(Workload::id).toList();

    @Option(names = "--steps", description = "steps of a run instead of each case's own number", defaultValue = "0")
    int steps;

    @Option(names = "--threads", description = "threads of each side (default: all processors)", defaultValue = "0")
    int threads;

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    /** @param python versions of the other side; empty without it */
    record Report(String python, int threads, int pairs, List<Comparison> cases) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Workload> workloads = cases.stream().map(Workload::named).toList();
        if (pairs < 1 || steps < 0 || threads < 0) {
            throw new IllegalArgumentException("--pairs must be positive, --steps and --threads not negative");
        }
        for (Workload workload : workloads) {
            if (steps > 0 && steps < workload.leastSteps()) {
                throw new IllegalArgumentException("--steps must be at least %d for %s: the first ones are warm-up"
                        .formatted(workload.leastSteps(), workload.id()));
            }
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        Path directory = Files.createTempDirectory("perennial-benchmark-");
        try {
            Side other = alone ? null : Side.python(python, directory, count);
            String versions = other == null ? "" : versions(other, directory);
            List<Comparison> comparisons = new ArrayList<>();
            for (Workload workload : workloads) {
                comparisons.add(compare(workload, Side.java(count), other, directory, count));
            }
            Report report = new Report(versions, count, pairs, comparisons);
            System.out.println(json ? JsonMapper.shared().writeValueAsString(report) : text(report));
            return 0;
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private String versions(Side other, Path directory) throws InterruptedException {
        try {
            return other.start(directory, "--versions");
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    python + " cannot run the other side (" + e.getMessage()
                            + "): install torch, transformers and peft for it, name another one with --python,"
                            + " or measure only the library with --no-python",
                    e);
        }
    }

    private Comparison compare(Workload workload, Side library, @Nullable Side other, Path directory, int count)
            throws IOException, InterruptedException {
        Job job = workload.job(model(workload, directory).toString(), texts(workload, directory), steps, count);
        List<Measurement> ours = new ArrayList<>();
        List<Measurement> theirs = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            ours.add(measured(workload, pair, "library", library.run(job, directory)));
            if (other != null) {
                theirs.add(measured(workload, pair, "Python", other.run(job, directory)));
            }
        }
        return Comparison.of(workload, ours, theirs);
    }

    private static Measurement measured(Workload workload, int pair, String side, Measurement measurement) {
        System.err.printf(
                Locale.ROOT,
                "%s, pair %d, %s: %.0f tokens/s, peak %.0f MiB%n",
                workload.id(),
                pair,
                side,
                measurement.tokensPerSecond(),
                measurement.peakMebibytes());
        return measurement;
    }

    private static Path model(Workload workload, Path directory) throws IOException {
        boolean encoder = workload.kind() == Job.Kind.ENCODER;
        Path model = directory.resolve(encoder ? "encoder" : "decoder");
        if (Files.exists(model)) {
            return model;
        }
        return encoder ? RandomModel.encoder(model) : RandomModel.decoder(model);
    }

    private String texts(Workload workload, Path directory) throws IOException {
        int count = workload.texts(steps);
        JobData texts = switch (workload.kind()) {
            case ENCODER -> Texts.clinc(required(data, workload), directory.resolve("encoder"), count);
            case DECODER -> Texts.random(count, Workload.DECODER_TOKENS);
            case GENERATION -> Texts.random(count, Workload.PROMPT_TOKENS);
        };
        Path file = directory.resolve("data.json");
        Files.writeString(file, JsonMapper.shared().writeValueAsString(texts));
        return file.toString();
    }

    private static Path required(@Nullable Path data, Workload workload) {
        if (data == null) {
            throw new IllegalArgumentException(
                    workload.id() + " needs --data, a folder with CLINC150's data_full.json");
        }
        return data;
    }

    private static String text(Report report) {
        Table table = new Table(List.of("case", "tokens/s", "Python", "ratio", "bar", "peak MiB", "Python", "met"));
        for (Comparison one : report.cases()) {
            table.row(List.of(
                    one.name(),
                    one.tokensPerSecond().text(0),
                    cell(one.pythonTokensPerSecond(), 0),
                    cell(one.ratio(), 2),
                    String.format(Locale.ROOT, "%.1f", one.bar()),
                    one.peakMebibytes().text(0),
                    cell(one.pythonPeakMebibytes(), 0),
                    met(one.met())));
        }
        StringBuilder text = new StringBuilder(table.toString());
        for (Comparison one : report.cases()) {
            if (one.firstLoss() != null) {
                text.append(String.format(Locale.ROOT, "%n%s: first loss %.6f", one.name(), one.firstLoss()));
                if (one.pythonFirstLoss() != null) {
                    text.append(String.format(Locale.ROOT, ", Python %.6f", one.pythonFirstLoss()));
                }
            }
            if (one.sameTokens() != null) {
                text.append(String.format(
                        Locale.ROOT, "%n%s: %.1f %% of the tokens are Python's", one.name(), 100 * one.sameTokens()));
            }
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%nmedian [min, max] of %d alternated pairs, %d threads; %s",
                        report.pairs(),
                        report.threads(),
                        report.python().isEmpty() ? "without Python" : report.python()))
                .toString();
    }

    private static String cell(@Nullable Spread spread, int decimals) {
        return spread == null ? "" : spread.text(decimals);
    }

    private static String met(@Nullable Boolean met) {
        if (met == null) {
            return "";
        }
        return met ? "yes" : "no";
    }
}
