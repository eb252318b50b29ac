package dev.perennial.common.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a spec's parts must fulfil, alone and together. */
final class SpecChecks {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[^\\s/][^/\\n]{0,99}");
    private static final Pattern TARGET = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,99}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final List<Violation> violations = new ArrayList<>();

    private SpecChecks() {}

    static List<Violation> check(ModelSpec spec) {
        SpecChecks checks = new SpecChecks();
        checks.violations.addAll(SpecLimits.check(spec));
        checks.identity(spec);
        checks.generation(spec.generation());
        checks.quality(spec.quality());
        checks.scheduling(spec.scheduling());
        checks.training(spec.training());
        checks.evaluation(spec.evaluation());
        checks.rollout(spec.rollout());
        return List.copyOf(checks.violations);
    }

    private void identity(ModelSpec spec) {
        require(NAME.matcher(spec.name()).matches(), "name", "use lower-case letters, digits and hyphens, at most 63");
        List<String> labels = spec.task().labels();
        require(labels.size() >= 2, "task.labels", "a classification needs at least two labels");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < labels.size(); i++) {
            String at = "task.labels[" + i + "]";
            require(LABEL.matcher(labels.get(i)).matches(), at, "a label has 1 to 100 characters and no slash");
            require(seen.add(labels.get(i)), at, "'" + labels.get(i) + "' is listed twice");
        }
        require(!spec.baseModel().isBlank(), "baseModel", "name an embedded encoder or a model directory");
    }

    private void generation(GenerationSpec generation) {
        require(
                Set.of("default", "openai", "offline").contains(generation.provider()),
                "generation.provider",
                "use default, openai or offline");
        between(generation.perRound(), 1, 1_000_000, "generation.perRound");
        double sum = 0;
        for (Map.Entry<String, Double> share : generation.difficulty().entrySet()) {
            require(
                    Set.of("easy", "medium", "hard").contains(share.getKey()),
                    "generation.difficulty." + share.getKey(),
                    "use easy, medium and hard");
            between(share.getValue(), 0, 1, "generation.difficulty." + share.getKey());
            sum += share.getValue();
        }
        require(Math.abs(sum - 1) < 1e-6, "generation.difficulty", "the shares must add up to 1, not " + sum);
        require(!generation.styles().isEmpty(), "generation.styles", "name at least one style");
        generation
                .knowledge()
                .forEach(file -> require(
                        FILE.matcher(file).matches(),
                        "generation.knowledge",
                        "'" + file + "' must be a plain file name"));
        between(generation.budget().tokensPerDay(), 0, Long.MAX_VALUE, "generation.budget.tokensPerDay");
    }

    private void quality(QualitySpec quality) {
        if (quality.rules().size() <= SpecLimits.RULES) {
            violations.addAll(SampleRules.check(quality.rules()));
        }
        between(quality.length().min(), 1, SpecLimits.TEXT, "quality.length.min");
        between(quality.length().max(), quality.length().min(), SpecLimits.TEXT, "quality.length.max");
        between(quality.duplicates().threshold(), 0.5, 1, "quality.duplicates.threshold");
        between(quality.duplicates().near(), 0.3, 1, "quality.duplicates.near");
        between(quality.labelAgreement().top(), 0, 1000, "quality.labelAgreement.top");
        between(quality.labelAgreement().minPerLabel(), 1, 1000, "quality.labelAgreement.minPerLabel");
    }

    private void scheduling(SchedulingSpec scheduling) {
        between(scheduling.every().samples(), 1, 1_000_000_000, "scheduling.every");
        between(scheduling.replay().size(), 0, 10_000_000, "scheduling.replay.size");
        between(scheduling.priority(), -100, 100, "scheduling.priority");
    }

    private void training(TrainingSpec training) {
        require(training.method().equals("lora"), "training.method", "only lora is built yet");
        training.targets()
                .forEach(target -> require(
                        TARGET.matcher(target).matches(),
                        "training.targets",
                        "'" + target + "' is not the name of a linear, such as query or value"));
        between(training.rank(), 1, 512, "training.rank");
        positive(training.alpha(), "training.alpha");
        between(training.dropout(), 0, 0.9, "training.dropout");
        positive(training.learningRate(), "training.learningRate");
        positive(training.headLearningRate(), "training.headLearningRate");
        between(training.epochs(), 1, 10_000, "training.epochs");
        between(training.batchSize(), 1, 4096, "training.batchSize");
        between(training.warmup(), 0, 0.9, "training.warmup");
        between(training.weightDecay(), 0, 1, "training.weightDecay");
        positive(training.clipNorm(), "training.clipNorm");
        between(training.earlyStop().patience(), 1, 10_000, "training.earlyStop.patience");
        between(training.maxTokens(), 8, 512, "training.maxTokens");
        between(training.validationShare(), 0.01, 0.5, "training.validationShare");
    }

    private void evaluation(EvaluationSpec evaluation) {
        require(!evaluation.sets().isEmpty(), "evaluation.sets", "name at least one evaluation set");
        evaluation
                .sets()
                .forEach(set -> require(
                        NAME.matcher(set).matches(),
                        "evaluation.sets",
                        "'" + set + "' must be lower-case with hyphens"));
        evaluation
                .core()
                .forEach(set -> require(
                        evaluation.sets().contains(set),
                        "evaluation.core",
                        "'" + set + "' is not one of evaluation.sets"));
        require(
                Set.of("accuracy", "macro_f1").contains(evaluation.gate().metric()),
                "evaluation.gate.metric",
                "use accuracy or macro_f1");
        between(evaluation.gate().minGain(), -1, 1, "evaluation.gate.minGain");
        between(evaluation.gate().maxForgetting(), 0, 1, "evaluation.gate.maxForgetting");
    }

    private void rollout(RolloutSpec rollout) {
        List<Integer> steps = rollout.steps();
        require(!steps.isEmpty() && steps.getLast() == 100, "rollout.steps", "the last step must be 100");
        for (int i = 0; i < steps.size(); i++) {
            between(steps.get(i), i == 0 ? 1 : steps.get(i - 1) + 1, 100, "rollout.steps[" + i + "]");
        }
        between(rollout.minRequests(), 1, 10_000_000, "rollout.minRequests");
        require(rollout.window().isPositive(), "rollout.window", "must be longer than nothing");
    }

    private void positive(double value, String path) {
        require(value > 0 && Double.isFinite(value), path, "must be greater than 0");
    }

    private void between(double value, double min, double max, String path) {
        require(value >= min && value <= max, path, "must be between " + plain(min) + " and " + plain(max));
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    private void require(boolean holds, String path, String message) {
        if (!holds) {
            violations.add(new Violation(path, message));
        }
    }
}
