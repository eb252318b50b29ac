package dev.perennial.evaluator.gate;

import dev.perennial.common.spec.EvaluationSpec;
import dev.perennial.evaluator.metric.Interval;
import dev.perennial.evaluator.metric.Metric;
import dev.perennial.evaluator.metric.PairedBootstrap;
import dev.perennial.evaluator.metric.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a candidate may have traffic, from answers alone.
 *
 * <p>Against a live version, the 95 % interval of its gain on the first set must lie wholly above {@code minGain}, and no
 * core set may lose more than {@code maxForgetting}. While nothing is live, it must on no set be worse than the untuned
 * base beyond noise. A set that was never uploaded fails it. Why it is so: docs/adr/0006-the-gate.md.
 */
public final class Gate {
    /** With fewer texts the bootstrap takes chance for certainty. */
    private static final int MIN_TEXTS = 10;

    /** Two scores that differ by less differ by rounding only. */
    private static final double ROUNDING = 1e-9;

    private final String model;
    private final EvaluationSpec spec;
    private final Metric metric;
    private final List<String> failed = new ArrayList<>();
    private final List<String> held = new ArrayList<>();
    private @Nullable Interval gain;

    private Gate(String model, EvaluationSpec spec) {
        this.model = model;
        this.spec = spec;
        this.metric = Metric.named(spec.gate().metric());
    }

    /**
     * Judges a candidate.
     *
     * @param contests the answers by set; a set of the spec without an entry was never uploaded
     * @param seed of the bootstrap
     */
    public static Verdict decide(
            String model, EvaluationSpec spec, Opponent opponent, Map<String, Contest> contests, long seed) {
        Gate gate = new Gate(model, spec);
        spec.sets().stream().filter(set -> !contests.containsKey(set)).forEach(gate::missing);
        for (String set : spec.sets()) {
            Contest contest = contests.get(set);
            if (contest != null) {
                gate.judge(new Comparison(set, gate.metric, contest, seed), opponent);
            }
        }
        List<String> reasons = new ArrayList<>(gate.failed);
        reasons.addAll(gate.held);
        return new Verdict(gate.failed.isEmpty(), reasons, gate.gain);
    }

    /** The sets that nothing may be forgotten on. */
    static List<String> core(EvaluationSpec spec) {
        if (!spec.core().isEmpty()) {
            return spec.core();
        }
        return spec.sets().size() == 1
                ? spec.sets()
                : spec.sets().subList(1, spec.sets().size());
    }

    private void missing(String set) {
        failed.add("The evaluation set '" + set + "' was never uploaded; upload it with PUT /api/models/" + model
                + "/evaluation-sets/" + set + " and start another round.");
    }

    private void judge(Comparison comparison, Opponent opponent) {
        boolean first = comparison.set().equals(spec.sets().getFirst());
        if (first) {
            gain = comparison.interval();
        }
        switch (opponent) {
            case Opponent.LiveVersion live -> {
                if (first) {
                    note(
                            gained(comparison),
                            comparison.gainSentence(live, spec.gate().minGain()));
                }
                if (core(spec).contains(comparison.set())) {
                    note(
                            remembered(comparison),
                            comparison.forgettingSentence(live, spec.gate().maxForgetting()));
                }
            }
            case Opponent.UntunedBase base -> note(notWorse(comparison), comparison.notWorseSentence(base));
        }
    }

    private boolean gained(Comparison comparison) {
        return comparison.texts() >= MIN_TEXTS
                && comparison.interval().lower() > spec.gate().minGain();
    }

    private boolean remembered(Comparison comparison) {
        return comparison.difference() >= -spec.gate().maxForgetting() - ROUNDING;
    }

    private static boolean notWorse(Comparison comparison) {
        return comparison.interval().upper() >= 0;
    }

    private void note(boolean holds, String sentence) {
        (holds ? held : failed).add(sentence);
    }

    /** One set's two scores with what chance may have done to their difference. */
    record Comparison(String set, int texts, String metric, double candidate, double opponent, Interval interval) {
        Comparison(String set, Metric metric, Contest contest, long seed) {
            this(
                    set,
                    contest.candidate().size(),
                    metric.name(),
                    metric.score(Tally.of(contest.candidate())),
                    metric.score(Tally.of(contest.opponent())),
                    PairedBootstrap.gain(metric, contest.candidate(), contest.opponent(), seed));
        }

        double difference() {
            return candidate - opponent;
        }

        String gainSentence(Opponent live, double minGain) {
            String found = comparedWith(live) + ", 95 % interval " + Words.points(interval) + "; ";
            String asked = Words.points(minGain) + " points";
            if (texts < MIN_TEXTS) {
                return found + "with fewer than " + MIN_TEXTS
                        + " texts chance cannot be told from a gain, so upload more.";
            }
            return interval.lower() > minGain
                    ? found + "all of it is above the asked " + asked + "."
                    : found + "not all of it is above the asked " + asked + ", so the gain is not beyond noise.";
        }

        String forgettingSentence(Opponent live, double maxForgetting) {
            return comparedWith(live) + "; a core set may lose at most " + Words.points(maxForgetting) + ".";
        }

        String notWorseSentence(Opponent base) {
            String found = comparedWith(base) + ", 95 % interval " + Words.points(interval) + "; ";
            return interval.upper() >= 0
                    ? found + "it is not worse beyond noise."
                    : found + "it is worse beyond noise, so training did harm.";
        }

        private String comparedWith(Opponent other) {
            return "On %s (%d texts) the candidate has %s %s and %s %s: %s points"
                    .formatted(
                            set,
                            texts,
                            metric,
                            Words.percent(candidate),
                            other.words(),
                            Words.percent(opponent),
                            Words.signedPoints(difference()));
        }
    }
}
