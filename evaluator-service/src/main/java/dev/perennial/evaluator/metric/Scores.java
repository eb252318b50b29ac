package dev.perennial.evaluator.metric;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is reported of one model on one set.
 *
 * @param labels of the labels that some text has, in alphabetical order
 * @param confusions wrong answers by true and given label, most frequent first
 */
public record Scores(int samples, List<MetricScore> metrics, List<LabelScore> labels, List<Confusion> confusions) {
    public Scores {
        metrics = List.copyOf(metrics);
        labels = List.copyOf(labels);
        confusions = List.copyOf(confusions);
    }

    /**
     * One metric.
     *
     * @param interval 95 %, of metrics that are shares of the texts
     */
    public record MetricScore(
            String metric, double value, @Nullable Interval interval) {}

    /**
     * One label.
     *
     * @param recallInterval 95 %
     */
    public record LabelScore(
            String label, int support, double precision, double recall, double f1, Interval recallInterval) {}

    /** How many texts with the label {@code truth} were given {@code predicted}. */
    public record Confusion(String truth, String predicted, int count) {}

    public static Scores of(Answers answers) {
        Tally tally = Tally.of(answers);
        return new Scores(
                answers.size(),
                Metric.ALL.stream().map(metric -> score(metric, tally)).toList(),
                labels(answers, tally),
                confusions(answers));
    }

    /** The value of a metric. */
    public double value(Metric metric) {
        return metrics.stream()
                .filter(score -> score.metric().equals(metric.name()))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static MetricScore score(Metric metric, Tally tally) {
        double value = metric.score(tally);
        boolean share = metric instanceof Accuracy && tally.total() > 0;
        Interval interval =
                share ? Interval.ofShare(Math.toIntExact(Math.round(value * tally.total())), tally.total()) : null;
        return new MetricScore(metric.name(), value, interval);
    }

    private static List<LabelScore> labels(Answers answers, Tally tally) {
        List<String> names = new LabelIndex(List.of(answers.truth(), answers.predicted())).labels();
        return IntStream.range(0, names.size())
                .filter(label -> tally.support(label) > 0)
                .mapToObj(label -> new LabelScore(
                        names.get(label),
                        tally.support(label),
                        tally.precision(label),
                        tally.recall(label),
                        tally.f1(label),
                        Interval.ofShare(tally.hits(label), tally.support(label))))
                .toList();
    }

    private record Pair(String truth, String predicted) {}

    private static List<Confusion> confusions(Answers answers) {
        Map<Pair, Long> counts = IntStream.range(0, answers.size())
                .mapToObj(i ->
                        new Pair(answers.truth().get(i), answers.predicted().get(i)))
                .filter(pair -> !pair.truth().equals(pair.predicted()))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> new Confusion(
                        entry.getKey().truth(), entry.getKey().predicted(), Math.toIntExact(entry.getValue())))
                .sorted(Comparator.comparingInt(Confusion::count)
                        .reversed()
                        .thenComparing(Confusion::truth)
                        .thenComparing(Confusion::predicted))
                .toList();
    }
}
