package dev.perennial.benchmarks.learn;

import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.standalone.cli.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What the fine-tuning library makes of public data, beside a linear probe over the same frozen encoder. */
@Command(
        name = "learn",
        mixinStandardHelpOptions = true,
        description = {
            "Accuracy of adapters trained through the fine-tuning library, beside a probe over the frozen encoder.",
            "Without --final, accuracy is measured on validation texts, and settings can be changed; with it, on test"
                    + " texts, with the settings that are fixed."
        })
public final class LearnCommand implements Callable<Integer> {
    private static final List<Long> FINAL_SEEDS = List.of(1L, 2L, 3L);

    @Option(names = "--data", required = true, description = "folder with clinc150 and eprstmt")
    Path data = Path.of("");

    @Option(
            names = "--tracks",
            description = "some of few, full, reviews, written-reviews, sequence (default: all)",
            split = ",")
    List<String> tracks = Tracks.NAMES;

    @Option(names = "--seeds", description = "while tuning: these seeds (default: 1,2,3)", split = ",")
    List<Long> seeds = FINAL_SEEDS;

    @Option(
            names = "--arms",
            description = "some of the sequence's arms: plain, replay, ewc, joint (default: all)",
            split = ",")
    List<String> arms = Tracks.ARMS;

    @Option(names = "--final", description = "measure on the test texts")
    boolean isFinal;

    @Option(names = "--set", description = "while tuning: a setting in place of the fixed one, such as rank=8")
    Map<String, String> changes = new LinkedHashMap<>();

    @Option(names = "--curve", description = "while tuning: epochs between looks at the validation texts")
    int curve;

    @Option(
            names = "--at-once",
            description = "runs at the same time, for machines whose cores are worth more apart"
                    + " (default: ${DEFAULT-VALUE}); give the engine fewer threads then",
            defaultValue = "1")
    int atOnce;

    @Option(names = "--json", description = "print one JSON object")
    boolean json;

    record Score(Learner.Mark probe, Learner.Mark adapter, double seconds) {}

    /**
     * @param on what the texts were that were asked
     * @param probe percent
     * @param adapter percent
     * @param probeLoss mean cross entropy
     * @param adapterLoss mean cross entropy
     */
    record Result(
            String track,
            String on,
            Range probe,
            Range adapter,
            double probeLoss,
            double adapterLoss,
            double secondsPerRun,
            TrainingConfig config) {}

    record Report(List<Long> seeds, List<Result> results, List<SequenceRun.Result> sequence) {}

    @Override
    public Integer call() {
        if (isFinal && !(changes.isEmpty() && curve == 0 && seeds.equals(FINAL_SEEDS))) {
            throw new IllegalArgumentException("--final measures what is fixed: leave out --set, --seeds and --curve");
        }
        requireKnown("track", tracks, Tracks.NAMES);
        requireKnown("arm", arms, Tracks.ARMS);
        List<Result> results = new ArrayList<>();
        List<SequenceRun.Result> sequence = new ArrayList<>();
        for (String name : tracks) {
            if (name.equals(Tracks.SEQUENCE)) {
                sequence.addAll(new SequenceRun(new Tracks(data).sequence(), arms, changes, isFinal).results(seeds));
            } else {
                results.addAll(results(new Tracks(data).named(name)));
            }
        }
        System.out.println(
                json
                        ? JsonMapper.shared().writeValueAsString(new Report(seeds, results, sequence))
                        : Stream.of(table(results), SequenceRun.table(sequence))
                                .filter(table -> !table.isEmpty())
                                .collect(Collectors.joining("\n\n")));
        return 0;
    }

    /** Before hours of work. */
    private static void requireKnown(String what, List<String> names, List<String> known) {
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("there is no %s '%s'; use some of %s".formatted(what, name, known));
            }
        }
    }

    private List<Result> results(Track track) {
        TrainingConfig config = Settings.apply(track.config(), changes);
        Map<String, List<CompletableFuture<Score>>> scores = new LinkedHashMap<>();
        try (TextEncoder encoder = TextEncoder.open(track.encoder());
                ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            Learner learner = new Learner(encoder, track.labels());
            for (long seed : seeds) {
                rounds(track, seed)
                        .forEach((on, rounds) ->
                                rounds.forEach(round -> scores.computeIfAbsent(on, _ -> new ArrayList<>())
                                        .add(CompletableFuture.supplyAsync(
                                                () -> score(track, learner, round, config.withSeed(seed)), threads))));
            }
            List<Result> results = new ArrayList<>();
            scores.forEach((on, runs) -> results.add(
                    result(track, on, runs.stream().map(CompletableFuture::join).toList(), config)));
            return results;
        }
    }

    private Map<String, List<Round>> rounds(Track track, long seed) {
        return isFinal
                ? Map.of("test", List.of(track.last().apply(seed)))
                : track.tuning().apply(seed);
    }

    private static Result result(Track track, String on, List<Score> scores, TrainingConfig config) {
        return new Result(
                track.name(),
                on,
                Range.of(scores, score -> score.probe().accuracy()),
                Range.of(scores, score -> score.adapter().accuracy()),
                Range.of(scores, score -> score.probe().loss()).mean(),
                Range.of(scores, score -> score.adapter().loss()).mean(),
                Range.of(scores, Score::seconds).mean(),
                config);
    }

    private Score score(Track track, Learner learner, Round round, TrainingConfig config) {
        long begin = System.nanoTime();
        Learner.Mark probe = learner.probe(round.train(), round.asked());
        Learner.Mark adapter = learner.adapter(round.train(), round.asked(), config, curve);
        System.err.printf(
                Locale.ROOT,
                "%s, seed %d: probe %.2f, adapter %.2f%n",
                track.name(),
                config.seed(),
                probe.accuracy(),
                adapter.accuracy());
        return new Score(probe, adapter, (System.nanoTime() - begin) / 1e9);
    }

    private static String table(List<Result> results) {
        if (results.isEmpty()) {
            return "";
        }
        Table table = new Table(List.of(
                "track", "on", "probe", "adapter", "min", "max", "probe loss", "adapter loss", "seconds a run"));
        results.forEach(result -> table.row(List.of(
                result.track(),
                result.on(),
                two(result.probe().mean()),
                two(result.adapter().mean()),
                two(result.adapter().min()),
                two(result.adapter().max()),
                four(result.probeLoss()),
                four(result.adapterLoss()),
                two(result.secondsPerRun()))));
        return table.toString();
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String four(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
