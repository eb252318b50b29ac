package dev.perennial.evaluator.report;

import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.spec.EvaluationSpec;
import dev.perennial.evaluator.evaluationset.EvaluationSet;
import dev.perennial.evaluator.gate.Contest;
import dev.perennial.evaluator.gate.Gate;
import dev.perennial.evaluator.gate.Opponent;
import dev.perennial.evaluator.gate.Verdict;
import dev.perennial.evaluator.metric.Answers;
import dev.perennial.evaluator.metric.Scores;
import dev.perennial.lora.Classification;
import dev.perennial.lora.LabelledText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks candidate, base and live version the texts of every set, once each. */
final class Interview {
    private final List<EvaluationSet> sets;
    private final List<String> texts;
    private List<Classification> classifications = List.of();
    private List<Answers> candidate = List.of();
    private List<Answers> base = List.of();
    private @Nullable List<Answers> live;

    Interview(List<EvaluationSet> sets) {
        this.sets = sets;
        this.texts = sets.stream()
                .flatMap(set -> set.texts().stream())
                .map(LabelledText::text)
                .toList();
    }

    void candidate(OpenClassifier classifier) {
        classifications = classifier.classify(texts);
        candidate = split(labels(classifications));
    }

    void base(Labeller labeller) {
        base = split(labeller.label(texts));
    }

    void live(OpenClassifier classifier) {
        live = split(labels(classifier.classify(texts)));
    }

    /** All texts of all sets. */
    List<String> texts() {
        return texts;
    }

    /** What the candidate said to {@link #texts}. */
    List<Classification> classifications() {
        return classifications;
    }

    /** What the gate makes of it, once candidate, base and, if there is one, the live version were asked. */
    Findings findings(String model, EvaluationSpec spec, @Nullable VersionChanged liveVersion, long seed) {
        Opponent opponent =
                liveVersion == null ? new Opponent.UntunedBase() : new Opponent.LiveVersion(liveVersion.version());
        List<Answers> theirs = liveVersion == null ? base : Objects.requireNonNull(live);
        Map<String, Contest> contests = new LinkedHashMap<>();
        for (int i = 0; i < sets.size(); i++) {
            contests.put(sets.get(i).name(), new Contest(candidate.get(i), theirs.get(i)));
        }
        Verdict verdict = Gate.decide(model, spec, opponent, contests, seed);
        return new Findings(verdict.passed(), true, verdict.reasons(), verdict.gain(), reports());
    }

    private List<Report.SetReport> reports() {
        List<Report.SetReport> reports = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            EvaluationSet set = sets.get(i);
            reports.add(new Report.SetReport(
                    set.name(),
                    set.version(),
                    set.texts().size(),
                    Scores.of(candidate.get(i)),
                    Scores.of(base.get(i)),
                    live == null ? null : Scores.of(live.get(i))));
        }
        return reports;
    }

    private static List<String> labels(List<Classification> classifications) {
        return classifications.stream().map(Classification::label).toList();
    }

    /** Cuts the answers to all texts into those to each set. */
    private List<Answers> split(List<String> labels) {
        List<Answers> answers = new ArrayList<>();
        int from = 0;
        for (EvaluationSet set : sets) {
            int to = from + set.texts().size();
            answers.add(
                    new Answers(set.texts().stream().map(LabelledText::label).toList(), labels.subList(from, to)));
            from = to;
        }
        return answers;
    }
}
