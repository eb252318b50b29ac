package dev.perennial.evaluator.report;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.catalog.ModelCatalog.KnownModel;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.evaluator.evaluationset.EvaluationSet;
import dev.perennial.evaluator.evaluationset.EvaluationSets;
import dev.perennial.evaluator.metric.Evaluation;
import dev.perennial.lora.LabelledText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges what a training run made: loads it, makes sure it is what was trained, asks it, and hands all to the gate. */
final class Examiner {
    private final ModelCatalog catalog;
    private final EvaluationSets sets;
    private final Classifiers classifiers;
    private final Clock clock;

    Examiner(ModelCatalog catalog, EvaluationSets sets, Classifiers classifiers, Clock clock) {
        this.catalog = catalog;
        this.sets = sets;
        this.classifiers = classifiers;
        this.clock = clock;
    }

    Report examine(TrainingCompleted completed) {
        KnownModel known = known(completed.model());
        Optional<VersionChanged> live = catalog.version(completed.model(), Stage.LIVE);
        List<EvaluationSet> uploaded = known.spec().evaluation().sets().stream()
                .flatMap(set -> sets.newest(completed.model(), set).stream())
                .toList();
        return report(completed, known, live, examine(completed, known, live, uploaded));
    }

    /** The report on a candidate that cannot be judged. */
    Report refuse(TrainingCompleted completed, String reason) {
        return report(completed, known(completed.model()), Optional.empty(), Findings.notRegistrable(reason));
    }

    /** A model that is not heard of yet will be: its events come by another topic. */
    private KnownModel known(String model) {
        return catalog.find(model)
                .orElseThrow(() -> new UncheckedIOException(
                        new IOException("the model '" + model + "' of a training run is not known here yet")));
    }

    private Report report(
            TrainingCompleted completed, KnownModel known, Optional<VersionChanged> live, Findings findings) {
        return new Report(
                EventIds.of("report", completed.runId()),
                completed.model(),
                completed.runId(),
                completed.request().round(),
                completed.request().specVersion(),
                completed.request().baseModel(),
                completed.adapter(),
                live.map(VersionChanged::version).orElse(null),
                known.spec().evaluation().gate().metric(),
                findings.passed(),
                findings.registrable(),
                findings.reasons(),
                findings.gain(),
                findings.sets(),
                clock.instant());
    }

    private Findings examine(
            TrainingCompleted completed,
            KnownModel known,
            Optional<VersionChanged> live,
            List<EvaluationSet> uploaded) {
        try (OpenClassifier candidate = classifiers.open(completed.request().baseModel(), completed.adapter())) {
            Interview interview = new Interview(uploaded);
            interview.candidate(candidate);
            Optional<String> unfaithful = unfaithful(completed, candidate, interview);
            if (unfaithful.isPresent()) {
                return Findings.notRegistrable(unfaithful.get());
            }
            return compare(completed, known, live.orElse(null), interview);
        } catch (UnusableInputException e) {
            return Findings.notRegistrable("The candidate was not registered: " + e.getMessage());
        }
    }

    private Optional<String> unfaithful(TrainingCompleted completed, OpenClassifier candidate, Interview interview) {
        List<LabelledText> validation =
                classifiers.validation(completed.request().dataset().artifact());
        return Fidelity.difference(Evaluation.ask(candidate::classify, validation), completed.validationAccuracy())
                .or(() -> new Reload(classifiers, completed.request().baseModel())
                        .difference(candidate, interview.texts(), interview.classifications()));
    }

    private Findings compare(
            TrainingCompleted completed, KnownModel known, @Nullable VersionChanged live, Interview interview) {
        try {
            interview.base(classifiers.base(
                    completed.request().baseModel(),
                    completed.request().labels(),
                    completed.request().dataset().artifact()));
            if (live != null) {
                try (OpenClassifier classifier = classifiers.open(live.baseModel(), live.adapter())) {
                    interview.live(classifier);
                }
            }
        } catch (UnusableInputException e) {
            return Findings.notComparable("The candidate has nothing to be compared with: " + e.getMessage());
        }
        return interview.findings(
                completed.model(),
                known.spec().evaluation(),
                live,
                completed.request().seed());
    }
}
