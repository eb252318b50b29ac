package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.probe.Softmax;
import dev.perennial.lora.recipe.RateDecay;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSessionTest {
    private static final TrainingData DATA = Fixtures.data();

    private final TextEncoder encoder = Fixtures.tinyEncoder();

    @TempDir
    Path directory;

    @AfterEach
    void closeEncoder() {
        encoder.close();
    }

    @Test
    void trainingLowersTheLossAndLearnsTheLabels() {
        TrainingData seen = new TrainingData(DATA.labels(), DATA.train(), DATA.train());
        TrainingConfig config = Fixtures.config().withEpochs(12).withLearningRate(1e-2);
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, seen, config)) {
            double first = session.step().loss();
            Fixtures.finish(session);
            assertThat(session.summary().finalLoss()).isLessThan(first / 2);
            assertThat(session.summary().bestValidationAccuracy().orElseThrow()).isGreaterThan(0.95);
        }
    }

    @Test
    void withBAtZeroTheAdaptedEncoderIsTheBareOne() {
        List<String> texts = List.of("my router is dead", "pay");
        Examples train = Examples.of(encoder, DATA.train(), DATA.labels(), 64);
        ClassifierWeights fresh = new ClassifierWeights(
                DATA.labels(), new InitialWeights(encoder, train, DATA.labels(), Fixtures.config()).fresh());
        try (TextClassifier classifier = TextClassifier.of(encoder, fresh)) {
            float[][] vectors = encoder.embed(texts);
            float[] weight = fresh.tensor(ClassifierWeights.HEAD_WEIGHT).values();
            float[] bias = fresh.tensor(ClassifierWeights.HEAD_BIAS).values();
            List<Classification> answers = classifier.classify(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(answers.get(i).probabilities())
                        .containsExactly(probabilities(weight, bias, vectors[i]), within(1e-6f));
            }
        }
    }

    private static float[] probabilities(float[] weight, float[] bias, float[] vector) {
        float[] logits = bias.clone();
        for (int i = 0; i < weight.length; i++) {
            logits[i / vector.length] += weight[i] * vector[i % vector.length];
        }
        return Softmax.of(logits);
    }

    @Test
    void onlyTheAdapterAndTheHeadMove() {
        float[][] before = encoder.embed(List.of("my router is dead"));
        List<float[]> weights = snapshot();
        try (TrainingSession<TextClassifier> session = start(Fixtures.config())) {
            Fixtures.finish(session);
        }
        assertThat(encoder.embed(List.of("my router is dead"))).isDeepEqualTo(before);
        List<float[]> after = snapshot();
        for (int i = 0; i < weights.size(); i++) {
            assertThat(after.get(i)).containsExactly(weights.get(i));
        }
    }

    private List<float[]> snapshot() {
        return encoder.model().weights().linears().stream()
                .map(linear -> linear.weight().tensor().values())
                .toList();
    }

    @Test
    void theSameSeedGivesTheSameLossesAndAnotherSeedOthers() {
        TrainingConfig config = withDropout();
        assertThat(losses(config)).isEqualTo(losses(config)).isNotEqualTo(losses(config.withSeed(2)));
    }

    private List<Double> losses(TrainingConfig config) {
        List<Double> losses = new ArrayList<>();
        try (TrainingSession<TextClassifier> session = start(config)) {
            while (!session.done()) {
                losses.add(session.step().loss());
            }
        }
        return losses;
    }

    private static TrainingConfig withDropout() {
        LoraSettings lora = Fixtures.dropping(2, 0.1, "query", "output.dense");
        return Fixtures.config().withLora(lora).withPatience(0);
    }

    @Test
    void aResumedRunSavesTheSameBytesAsAnUnbrokenOne() throws IOException {
        TrainingConfig config = withDropout();
        try (TrainingSession<TextClassifier> straight = start(config)) {
            Fixtures.finish(straight);
            save(straight, "straight");
        }
        Path checkpoint = directory.resolve("checkpoint");
        for (int brokenAt : new int[] {0, 4, 6, 17}) {
            try (TrainingSession<TextClassifier> broken = start(config)) {
                for (int i = 0; i < brokenAt; i++) {
                    broken.step();
                }
                broken.checkpoint(checkpoint);
            }
            try (TrainingSession<TextClassifier> resumed = TrainingSession.resume(encoder, DATA, config, checkpoint)) {
                Fixtures.finish(resumed);
                save(resumed, "resumed");
            }
            assertSameFiles("straight", "resumed");
        }
    }

    @Test
    void aCheckpointMakesTheDirectoriesAboveIt() {
        Path checkpoint = directory.resolve("runs/1/checkpoint");
        try (TrainingSession<TextClassifier> session = start(Fixtures.config())) {
            session.checkpoint(checkpoint);
            TrainingSession.resume(encoder, DATA, Fixtures.config(), checkpoint).close();
        }
    }

    private void save(TrainingSession<TextClassifier> session, String name) {
        try (TextClassifier classifier = session.finish()) {
            classifier.save(directory.resolve(name));
        }
    }

    private void assertSameFiles(String expected, String actual) throws IOException {
        try (var files = Files.list(directory.resolve(expected))) {
            files.forEach(file -> assertThat(directory.resolve(actual).resolve(file.getFileName()))
                    .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() {
        Path checkpoint = directory.resolve("checkpoint");
        try (TrainingSession<TextClassifier> session = start(Fixtures.config())) {
            session.checkpoint(checkpoint);
        }
        TrainingConfig other = Fixtures.config().withSeed(9);
        assertThatThrownBy(() -> TrainingSession.resume(encoder, DATA, other, checkpoint))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("no checkpoint of a run with this model");
    }

    @Test
    void aDamagedCheckpointIsRefused() throws IOException {
        Path checkpoint = directory.resolve("checkpoint");
        try (TrainingSession<TextClassifier> session = start(Fixtures.config())) {
            session.checkpoint(checkpoint);
        }
        String content = Files.readString(checkpoint, StandardCharsets.ISO_8859_1);
        for (String damaged : List.of(
                content.substring(0, content.length() - 1),
                content.replaceFirst("first/encoder", "thirst/encode"),
                content.replaceFirst("first/encoder", "first/encodex"),
                content.replaceFirst("step", "stop"))) {
            Files.writeString(checkpoint, damaged, StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> TrainingSession.resume(encoder, DATA, Fixtures.config(), checkpoint))
                    .isInstanceOf(ModelFormatException.class);
        }
    }

    @Test
    void stepsLeaveNoArrayBehind() {
        try (TrainingSession<TextClassifier> session = start(withDropout())) {
            session.step();
            int before = session.managedArrays();
            while (!session.done()) {
                session.step();
            }
            assertThat(session.managedArrays()).isEqualTo(before);
        }
    }

    @Test
    void aRunStopsWhenValidationNoLongerGetsBetterAndKeepsTheBestWeights() {
        TrainingConfig config = Fixtures.config()
                .withEpochs(50)
                .withLearningRate(0)
                .withHeadLearningRate(0)
                .withPatience(2);
        try (TrainingSession<TextClassifier> session = start(config)) {
            Fixtures.finish(session);
            assertThat(session.summary().epochs()).isEqualTo(2);
            assertThat(session.summary().bestEpoch()).isZero();
            assertThat(session.summary().stoppedEarly()).isTrue();
        }
    }

    @Test
    void aChildsHeadFitsItsTextsOverTheParentsVectorsAndKeepsTheRowsOfLabelsWithoutAny() {
        Path parent = directory.resolve("parent");
        ClassifierWeights parentWeights =
                Fixtures.weights(encoder, Fixtures.allTargets(2), List.of("retired", "billing", "outage"));
        ClassifierDirectory.write(parent, encoder, parentWeights);
        TrainingConfig frozen =
                Fixtures.config().withEpochs(1).withLearningRate(0).withHeadLearningRate(0);
        List<String> labels = List.of("retired", "outage", "billing", "cancel");
        Path child = directory.resolve("child");
        try (TrainingSession<TextClassifier> session = TrainingSession.start(
                        encoder, new TrainingData(labels, DATA.train(), DATA.validation()), frozen, parent);
                TextClassifier classifier = session.finish()) {
            classifier.save(child);
            long right = DATA.train().stream()
                    .filter(text -> classifier.classify(text.text()).label().equals(text.label()))
                    .count();
            assertThat(right).isGreaterThan(DATA.train().size() * 8L / 10);
        }
        ClassifierWeights grown = ClassifierDirectory.read(child, encoder);
        assertThat(grown.labels()).isEqualTo(labels);
        assertThat(grown.trained().method()).isEqualTo(parentWeights.trained().method());
        float[] kept = row(grown.tensor(ClassifierWeights.HEAD_WEIGHT).values(), 0);
        float[] before = row(parentWeights.tensor(ClassifierWeights.HEAD_WEIGHT).values(), 0);
        assertThat(dot(kept, before)).isCloseTo(norm(kept) * norm(before), within(1e-3 * norm(kept) * norm(before)));
    }

    @Test
    void theDropoutOfAChildIsThatOfItsOwnRecipe() {
        Path parent = directory.resolve("parent");
        ClassifierWeights weights = Fixtures.weights(encoder, Fixtures.allTargets(2), Fixtures.LABELS);
        ClassifierDirectory.write(parent, encoder, weights);
        TrainingConfig config = Fixtures.config().withLora(Fixtures.dropping(4, 0.5, "query"));
        Path child = directory.resolve("child");
        Path checkpoint = directory.resolve("checkpoint");
        List<Double> losses;
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, config, parent)) {
            session.checkpoint(checkpoint);
            losses = LanguageRuns.losses(session);
            save(session, "child");
        }
        LoraSettings saved = ClassifierDirectory.read(child, encoder)
                .trained()
                .loraSettings()
                .orElseThrow();
        assertThat(saved.dropout()).isEqualTo(0.5);
        assertThat(saved.rank()).isEqualTo(2);
        try (TrainingSession<TextClassifier> resumed = TrainingSession.resume(encoder, DATA, config, checkpoint)) {
            assertThat(LanguageRuns.losses(resumed)).isEqualTo(losses);
        }
        try (TrainingSession<TextClassifier> without =
                TrainingSession.start(encoder, DATA, Fixtures.config(), parent)) {
            assertThat(LanguageRuns.losses(without)).isNotEqualTo(losses);
        }
    }

    @Test
    void aValidationTextCountsTheSameWhateverItsWeight() {
        List<LabelledText> weighted = new ArrayList<>();
        DATA.validation()
                .forEach(text ->
                        weighted.add(new LabelledText(text.text(), text.label(), weighted.isEmpty() ? 7 : 0.01f)));
        assertThat(validationOf(weighted)).isEqualTo(validationOf(DATA.validation()));
    }

    private List<Double> validationOf(List<LabelledText> validation) {
        TrainingData data = new TrainingData(DATA.labels(), DATA.train(), validation);
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, Fixtures.config())) {
            TrainingSummary start = session.summary();
            return List.of(
                    start.bestValidationAccuracy().orElseThrow(),
                    start.bestValidationLoss().orElseThrow());
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static float[] row(float[] values, int row) {
        return Arrays.copyOfRange(values, row * 16, row * 16 + 16);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void aLightSampleMovesTheModelLess() {
        assertThat(accuracyAmongConflictsOf(1e-3f)).isGreaterThan(0.95).isGreaterThan(accuracyAmongConflictsOf(2));
    }

    private double accuracyAmongConflictsOf(float weight) {
        List<LabelledText> conflicting = new ArrayList<>(DATA.train());
        Fixtures.texts(14, 1).forEach(text -> conflicting.add(new LabelledText(text.text(), "cancel", weight)));
        TrainingData weighted = new TrainingData(DATA.labels(), conflicting, DATA.train());
        TrainingConfig config = Fixtures.config().withEpochs(8).withLearningRate(1e-2);
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, weighted, config)) {
            Fixtures.finish(session);
            return session.summary().bestValidationAccuracy().orElseThrow();
        }
    }

    @Test
    void aLossThatLeavesTheNumbersStopsTheRun() {
        Path parent = directory.resolve("parent");
        ClassifierWeights weights = Fixtures.weights(encoder, Fixtures.allTargets(2), Fixtures.LABELS);
        weights.tensors().forEach((name, tensor) -> {
            if (name.endsWith(LoraWeights.B)) {
                Arrays.fill(tensor.values(), 3e38f);
            }
        });
        ClassifierDirectory.write(parent, encoder, weights);
        try (TrainingSession<TextClassifier> session =
                TrainingSession.start(encoder, DATA, Fixtures.config(), parent)) {
            assertThatThrownBy(() -> Fixtures.finish(session)).isInstanceOf(TrainingDivergedException.class);
        }
    }

    @Test
    void theRatesOfARunFollowItsDecay() {
        TrainingConfig config = Fixtures.config().withWarmupRatio(0).withPatience(0);
        List<Double> linear = rates(config);
        List<Double> cosine = rates(config.withDecay(RateDecay.COSINE));
        assertThat(linear.getFirst())
                .isEqualTo(cosine.getFirst())
                .isEqualTo(config.rates().adapter());
        int n = linear.size();
        for (int i = 0; i < n; i++) {
            assertThat(linear.get(i)).isCloseTo(config.rates().adapter() * (1 - i / (double) n), within(1e-12));
            assertThat(cosine.get(i))
                    .isCloseTo(config.rates().adapter() * (1 + Math.cos(Math.PI * i / n)) / 2, within(1e-12));
        }
        assertThat(losses(config.withDecay(RateDecay.COSINE))).isNotEqualTo(losses(config));
    }

    private List<Double> rates(TrainingConfig config) {
        List<Double> rates = new ArrayList<>();
        try (TrainingSession<TextClassifier> session = start(config)) {
            while (!session.done()) {
                rates.add(session.step().learningRate());
            }
        }
        return rates;
    }

    @Test
    void microBatchesGiveTheRunOfWholeBatches() {
        List<Double> whole = losses(Fixtures.config());
        List<Double> cut = losses(Fixtures.config().withMicroBatches(3));
        assertThat(cut).hasSameSizeAs(whole);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(cut.get(i)).isCloseTo(whole.get(i), within(1e-4));
        }
        assertThat(losses(withDropout().withMicroBatches(3)))
                .isEqualTo(losses(withDropout().withMicroBatches(3)))
                .isNotEqualTo(losses(withDropout()));
    }

    private TrainingSession<TextClassifier> start(TrainingConfig config) {
        return TrainingSession.start(encoder, DATA, config);
    }
}
