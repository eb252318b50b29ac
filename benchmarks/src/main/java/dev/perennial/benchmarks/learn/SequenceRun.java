package dev.perennial.benchmarks.learn;

import dev.perennial.lora.LabelledText;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.standalone.cli.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * How much of the first of several tasks a model still knows after the last.
 *
 * @param arms some of the track's, by name
 * @param changes to the settings of the later tasks
 * @param isFinal whether the test texts are asked instead of the validation texts
 */
record SequenceRun(SequenceTrack track, List<String> arms, Map<String, String> changes, boolean isFinal) {

    /**
     * @param after the first task, right after it was learnt
     * @param end the first task, after the last one was learnt
     * @param all every task's texts among all labels, after the last one was learnt, in percent
     */
    record Kept(Recall after, Recall end, double all) {}

    /**
     * One arm; all values in percent.
     *
     * @param openLost what fell from {@code openAfter} to {@code openEnd}
     * @param ownLost what fell from {@code ownAfter} to {@code ownEnd}
     */
    record Result(
            String arm,
            Range openAfter,
            Range openEnd,
            Range openLost,
            Range ownAfter,
            Range ownEnd,
            Range ownLost,
            Range all,
            double secondsPerRun,
            TrainingConfig later) {}

    List<Result> results(List<Long> seeds) {
        Map<String, List<Kept>> kept = new LinkedHashMap<>();
        Map<String, Long> nanos = new LinkedHashMap<>();
        try (TextEncoder encoder = TextEncoder.open(track.encoder())) {
            for (long seed : seeds) {
                Path folder = Files.createTempDirectory("learn");
                try {
                    Path first = folder.resolve("first");
                    TrainingConfig config = track.first().withSeed(seed);
                    List<Sequence.Task> task = List.of(track.sequence().tasks().getFirst());
                    Recall after = train(encoder, task, List.of(), config, null, first);
                    for (String arm : arms) {
                        long begin = System.nanoTime();
                        Kept result = arm(encoder, arm, seed, after, first);
                        nanos.merge(arm, System.nanoTime() - begin, Long::sum);
                        kept.computeIfAbsent(arm, _ -> new ArrayList<>()).add(result);
                        System.err.printf(Locale.ROOT, "sequence, %s, seed %d: %s%n", arm, seed, result);
                    }
                } finally {
                    FileSystemUtils.deleteRecursively(folder);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Result> results = new ArrayList<>();
        kept.forEach((arm, runs) ->
                results.add(result(arm, runs, Objects.requireNonNull(nanos.get(arm)) / 1e9 / runs.size())));
        return results;
    }

    private Kept arm(TextEncoder encoder, String arm, long seed, Recall after, Path first) {
        TrainingConfig later = later(arm).withSeed(seed);
        List<Sequence.Task> tasks = track.sequence().tasks();
        Path parent = first;
        Recall end = after;
        if (arm.equals(Tracks.JOINT)) { // not one after another: what a sequence is measured against
            parent = first.resolveSibling(arm);
            end = train(encoder, tasks, List.of(), later, null, parent);
        } else {
            for (int task = 1; task < tasks.size(); task++) {
                Path next = first.resolveSibling(arm + task);
                end = train(encoder, List.of(tasks.get(task)), tasks.subList(0, task), later, parent, next);
                parent = next;
            }
        }
        try (TextClassifier last = encoder.classifier(parent)) {
            List<LabelledText> asked =
                    tasks.stream().flatMap(task -> asked(task, seed).stream()).toList();
            Sequence.Task every = new Sequence.Task("all", last.labels(), List.of(), List.of(), List::of);
            return new Kept(
                    after,
                    end,
                    Recall.of(last.labels(), every, asked, last::classify).open());
        }
    }

    private TrainingConfig later(String arm) {
        return Settings.apply(Objects.requireNonNull(track.arms().get(arm)), changes);
    }

    /** Learns, writes the model, and says what it knows of the first task. */
    private Recall train(
            TextEncoder encoder,
            List<Sequence.Task> tasks,
            List<Sequence.Task> earlier,
            TrainingConfig config,
            @Nullable Path parent,
            Path directory) {
        Sequence.Task first = track.sequence().tasks().getFirst();
        List<String> labels = track.sequence().labels();
        TrainingData data =
                new TrainingData(labels, drawn(tasks, config.seed()), List.of(), drawn(earlier, config.seed()));
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config, parent)) {
            while (!session.done()) {
                session.step();
            }
            try (TextClassifier classifier = session.finish()) {
                classifier.save(directory);
                Recall recall = Recall.of(labels, first, asked(first, config.seed()), classifier::classify);
                System.err.printf(
                        Locale.ROOT, "  after %s: %s%n", tasks.getLast().name(), recall);
                return recall;
            }
        }
    }

    private List<LabelledText> drawn(List<Sequence.Task> tasks, long seed) {
        return tasks.stream().flatMap(task -> drawn(task, seed).stream()).toList();
    }

    private List<LabelledText> drawn(Sequence.Task task, long seed) {
        return Clinc.draw(task.train(), task.labels(), track.texts(), seed);
    }

    private List<LabelledText> asked(Sequence.Task task, long seed) {
        return isFinal ? task.test().get() : task.unseen(drawn(task, seed));
    }

    private Result result(String arm, List<Kept> runs, double seconds) {
        return new Result(
                arm,
                Range.of(runs, run -> run.after().open()),
                Range.of(runs, run -> run.end().open()),
                Range.of(runs, run -> run.after().open() - run.end().open()),
                Range.of(runs, run -> run.after().own()),
                Range.of(runs, run -> run.end().own()),
                Range.of(runs, run -> run.after().own() - run.end().own()),
                Range.of(runs, Kept::all),
                seconds,
                later(arm));
    }

    static String table(List<Result> results) {
        if (results.isEmpty()) {
            return "";
        }
        Table table = new Table(List.of(
                "arm",
                "open after 1",
                "open at end",
                "lost",
                "own after 1",
                "own at end",
                "lost",
                "all",
                "seconds a run"));
        results.forEach(result -> table.row(List.of(
                result.arm(),
                two(result.openAfter().mean()),
                two(result.openEnd().mean()),
                two(result.openLost().mean()),
                two(result.ownAfter().mean()),
                two(result.ownEnd().mean()),
                two(result.ownLost().mean()),
                two(result.all().mean()),
                two(result.secondsPerRun()))));
        return table.toString();
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
