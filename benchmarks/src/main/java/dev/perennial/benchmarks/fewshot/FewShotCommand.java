package dev.perennial.benchmarks.fewshot;

import dev.perennial.common.spec.ModelSpec;
import dev.perennial.common.spec.SpecReader;
import dev.perennial.lora.LabelledText;
import dev.perennial.standalone.cli.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Accuracy from a few real samples, with synthetic ones, with corrupted ones, and with those filtered. */
@Command(
        name = "few-shot",
        mixinStandardHelpOptions = true,
        description = "Accuracy from a few real samples, alone and with synthetic, corrupted and filtered ones.")
public final class FewShotCommand implements Callable<Integer> {
    private static final double CORRUPTED_SHARE = 0.4;

    @Option(
            names = "--data",
            required = true,
            description = "folder with data_full.json, seeds_5shot.json and synthetic_llm.jsonl")
    Path data = Path.of("");

    @Option(
            names = "--seeds",
            description = "training runs of each kind (default: ${DEFAULT-VALUE})",
            defaultValue = "3")
    int seeds;

    @Option(
            names = "--on",
            description = "test, or val while choosing hyperparameters (default: ${DEFAULT-VALUE})",
            defaultValue = "test")
    String split = "test";

    @Option(names = "--run", description = "only these: seeds, synthetic, corrupted, corrupted-filtered", split = ",")
    List<String> only = List.of("seeds", "synthetic", "corrupted", "corrupted-filtered");

    @Option(names = "--set", description = "a part of the spec in place of its default, such as training={epochs: 5}")
    Map<String, String> parts = Map.of();

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    /** Accuracies in percent. */
    record Run(String name, double mean, double min, double max, double seconds) {}

    record Report(String split, int seeds, List<Run> runs) {}

    @Override
    public Integer call() throws IOException {
        FewShotData folder = FewShotData.read(data);
        List<LabelledText> asked = folder.split(split);
        List<Run> runs = new ArrayList<>();
        Path directory = Files.createTempDirectory("perennial-benchmark-");
        try (Learner learner = new Learner(spec(folder), directory)) {
            for (String name : only) {
                runs.add(run(name, folder, learner, asked));
            }
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
        Report report = new Report(split, seeds, runs);
        System.out.println(json ? JsonMapper.shared().writeValueAsString(report) : table(runs));
        return 0;
    }

    private ModelSpec spec(FewShotData folder) {
        String labels = folder.labels().stream()
                .map(label -> JsonMapper.shared().writeValueAsString(label))
                .collect(Collectors.joining(", "));
        StringBuilder document = new StringBuilder("""
                name: few-shot
                task: {type: classification, labels: [%s]}
                baseModel: all-minilm-l6-v2
                evaluation: {sets: [test]}
                """.formatted(labels));
        parts.forEach((part, value) ->
                document.append(part).append(": ").append(value).append('\n'));
        return SpecReader.read(document.toString());
    }

    private Run run(String name, FewShotData folder, Learner learner, List<LabelledText> asked) throws IOException {
        long begin = System.nanoTime();
        DoubleSummaryStatistics accuracies = new DoubleSummaryStatistics();
        for (int seed = 1; seed <= seeds; seed++) {
            double accuracy =
                    100 * learner.accuracy(folder.seeds(), synthetic(name, folder, learner, seed), asked, seed);
            System.err.printf(Locale.ROOT, "%s, seed %d: %.2f %% on %s%n", name, seed, accuracy, split);
            accuracies.accept(accuracy);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Run(name, accuracies.getAverage(), accuracies.getMin(), accuracies.getMax(), seconds);
    }

    private static List<LabelledText> synthetic(String name, FewShotData folder, Learner learner, int seed) {
        return switch (name) {
            case "seeds" -> List.of();
            case "synthetic" -> folder.synthetic();
            case "corrupted" -> folder.corrupted(CORRUPTED_SHARE, seed);
            case "corrupted-filtered" -> learner.filter(folder.seeds(), folder.corrupted(CORRUPTED_SHARE, seed));
            default ->
                throw new IllegalArgumentException(
                        "there is no run '" + name + "'; use seeds, synthetic, corrupted or corrupted-filtered");
        };
    }

    private static String table(List<Run> runs) {
        Table table = new Table(List.of("run", "mean", "min", "max", "seconds"));
        runs.forEach(run -> table.row(List.of(
                run.name(), percent(run.mean()), percent(run.min()), percent(run.max()), percent(run.seconds()))));
        return table.toString();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
