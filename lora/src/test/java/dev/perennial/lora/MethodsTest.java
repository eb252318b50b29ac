package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.LearningRates;
import dev.perennial.lora.recipe.MemoryBudget;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What a method trains, of classifiers and of language models, and what it leaves. */
class MethodsTest {
    private static final TuningMethod LORA = TuningMethod.lora(Fixtures.allTargets(2));
    private static final TuningMethod FULL = new TuningMethod.Full(true, true);
    private static final TuningMethod HEAD = new TuningMethod.HeadOnly();
    static final List<TuningMethod> METHODS = List.of(
            LORA,
            TuningMethod.qlora(Fixtures.dropping(2, 0.1, "query", "output.dense")),
            new TuningMethod.Prefix(3),
            FULL,
            HEAD);
    private static final TrainingData DATA = Fixtures.data();
    private static final TrainingData EARLIER =
            new TrainingData(DATA.labels(), DATA.train(), DATA.validation(), Fixtures.texts(3, 7));
    private static final List<String> TEXTS = List.of("my router is dead", "pay", "what is the price of my bill");

    @TempDir
    Path directory;

    private static TrainingConfig config(TuningMethod method) {
        return Fixtures.config().withMethod(method).withRates(new LearningRates(1e-2, 1e-3, 1e-2));
    }

    private static SortedSet<Integer> layers(Integer... layers) {
        return new TreeSet<>(List.of(layers));
    }

    private static SortedMap<String, Tensor> weights(TextEncoder encoder) {
        SortedMap<String, Tensor> weights = new TreeMap<>();
        encoder.model().weights().arrays().forEach((name, array) -> weights.put(name, Torch.tensor(array)));
        return weights;
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void aSavedClassifierAnswersAsTheTrainedOneAndTheSharedEncoderStaysAsItWas(TuningMethod method) {
        Path saved = directory.resolve("saved");
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            SortedMap<String, Tensor> before = weights(encoder);
            List<Classification> answers;
            TrainingConfig config = config(method).withEpochs(10);
            TrainingData last = new TrainingData(DATA.labels(), DATA.train(), List.of());
            try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, last, config)) {
                double first = session.step().loss();
                Fixtures.finish(session);
                assertThat(session.summary().finalLoss()).isLessThan(first);
                try (TextClassifier classifier = session.finish()) {
                    answers = classifier.classify(TEXTS);
                    classifier.save(saved);
                }
            }
            LanguageRuns.assertSame(weights(encoder), before);
            if (method.equals(FULL)) {
                try (TextEncoder tuned = TextEncoder.open(saved.toString());
                        TextClassifier classifier = tuned.classifier(saved)) {
                    assertSame(classifier.classify(TEXTS), answers);
                }
                assertThatThrownBy(() -> encoder.classifier(saved)).isInstanceOf(ModelFormatException.class);
            } else {
                try (TextClassifier classifier = encoder.classifier(saved)) {
                    assertSame(classifier.classify(TEXTS), answers);
                }
            }
            boolean adapts = method instanceof TuningMethod.Lora || method instanceof TuningMethod.Prefix;
            assertThat(saved.resolve("adapter_model.safetensors").toFile().exists())
                    .isEqualTo(adapts);
        }
    }

    private static void assertSame(List<Classification> found, List<Classification> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).label()).isEqualTo(expected.get(i).label());
            assertThat(found.get(i).probabilities())
                    .containsExactly(expected.get(i).probabilities(), within(1e-5f));
        }
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void aResumedRunOfAClassifierIsTheUnbrokenOne(TuningMethod method) {
        TrainingConfig config = config(method)
                .withMicroBatches(2)
                .withNoise(new Noise(0.5, 0.2, 5))
                .withRetention(new Retention(0.2, 1))
                .withAdaptation(new Adaptation(1, 0.5, 2, 2));
        Path checkpoint = directory.resolve("checkpoint");
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            try (TrainingSession<TextClassifier> straight = TrainingSession.start(encoder, EARLIER, config)) {
                for (int i = 0; i < 8; i++) {
                    straight.step();
                }
                int arrays = straight.managedArrays();
                straight.checkpoint(checkpoint);
                List<Double> losses = LanguageRuns.losses(straight);
                assertThat(straight.managedArrays()).isEqualTo(arrays);
                try (TrainingSession<TextClassifier> resumed =
                        TrainingSession.resume(encoder, EARLIER, config, checkpoint)) {
                    assertThat(LanguageRuns.losses(resumed)).isNotEmpty().isEqualTo(losses);
                }
            }
        }
    }

    /** What a fresh run of the tiny encoder, of two layers, trains. */
    private static Set<String> trained(TextEncoder encoder, TrainingConfig config) {
        return Tuning.fresh(encoder.model().weights(), config).keySet();
    }

    @Test
    void nothingOfAFrozenLayerIsTrained() {
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            for (TuningMethod method : List.of(LORA, FULL)) {
                Set<String> all = trained(encoder, config(method));
                Set<String> some = trained(encoder, config(method).withFrozenLayers(1));
                assertThat(all).anyMatch(name -> name.contains("layer.0.")).containsAll(some);
                assertThat(all.size() - some.size()).isEqualTo((int)
                        all.stream().filter(name -> name.contains("layer.0.")).count());
                assertThat(some).noneMatch(name -> name.contains("layer.0."));
            }
            assertThatThrownBy(() -> trained(encoder, config(LORA).withFrozenLayers(layers(2))))
                    .hasMessageContaining("frozenLayers names layer 2, the model has 2");
            assertThatThrownBy(() -> config(new TuningMethod.Prefix(2)).withFrozenLayers(1))
                    .hasMessageContaining("frozenLayers must be empty");
            assertThatThrownBy(() -> config(LORA).withFrozenLayers(layers(-1))).hasMessageContaining("counted from 0");
        }
    }

    @Test
    void fullTrainingLeavesNormsOrEmbeddingsOutIfAsked() {
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            Set<String> all = encoder.model().weights().arrays().keySet();
            assertThat(trained(encoder, config(FULL))).isEqualTo(all);
            assertThat(trained(encoder, config(new TuningMethod.Full(false, true))))
                    .containsExactlyInAnyOrderElementsOf(all.stream()
                            .filter(name -> !name.contains("LayerNorm"))
                            .toList());
            Set<String> layers = trained(encoder, config(new TuningMethod.Full(true, false)));
            assertThat(layers)
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(all.stream()
                            .filter(name -> !name.contains("embeddings."))
                            .toList());
        }
    }

    @Test
    void aRateOfZeroFreezesItsGroup() {
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            assertThat(moved(encoder, LORA, new LearningRates(0, 1e-2, 1e-2))).containsExactly(ParameterGroup.HEAD);
            assertThat(moved(encoder, LORA, new LearningRates(1e-2, 1e-2, 0))).containsExactly(ParameterGroup.ADAPTER);
            assertThat(moved(encoder, FULL, new LearningRates(1e-2, 0, 1e-2))).containsExactly(ParameterGroup.HEAD);
            assertThat(moved(encoder, FULL, new LearningRates(1e-2, 1e-2, 0))).containsExactly(ParameterGroup.BASE);
            assertThat(moved(encoder, new TuningMethod.Prefix(2), new LearningRates(1e-2, 0, 0)))
                    .containsExactly(ParameterGroup.ADAPTER);
        }
    }

    private Set<ParameterGroup> moved(TextEncoder encoder, TuningMethod method, LearningRates rates) {
        TrainingConfig config = config(method).withRates(rates);
        Set<ParameterGroup> moved = new TreeSet<>();
        try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, config)) {
            session.checkpoint(directory.resolve("checkpoint"));
            SortedMap<String, Tensor> before = values(encoder, config);
            for (int i = 0; i < 4; i++) {
                session.step();
            }
            session.checkpoint(directory.resolve("checkpoint"));
            values(encoder, config).forEach((name, tensor) -> {
                if (!tensor.sameAs(before.get(name))) {
                    moved.add(ParameterGroup.of(name));
                }
            });
        }
        return moved;
    }

    private SortedMap<String, Tensor> values(TextEncoder encoder, TrainingConfig config) {
        Checkpoint.Identity identity = Checkpoint.Identity.of(encoder, DATA, config);
        return Checkpoint.read(directory.resolve("checkpoint"), identity)
                .weights()
                .values();
    }

    @Test
    void theHeadAloneOfATiedLanguageModelIsRefusedWithAdviceThatWorks() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            CausalData data = LanguageRuns.data(model);
            assertThatThrownBy(() -> TrainingSession.start(model, data, LanguageRuns.config(HEAD)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("TuningMethod.Full with every layer frozen");
            TrainingConfig advised =
                    LanguageRuns.config(new TuningMethod.Full(false, true)).withFrozenLayers(2);
            assertThat(Tuning.fresh(model.model().weights(), advised)).containsOnlyKeys("model.embed_tokens.weight");
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, advised)) {
                double first = session.step().loss();
                Fixtures.finish(session);
                assertThat(session.summary().finalLoss()).isLessThan(first);
            }
            TrainingConfig nothing =
                    LanguageRuns.config(new TuningMethod.Full(false, false)).withFrozenLayers(2);
            assertThatThrownBy(() -> TrainingSession.start(model, data, nothing))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("nothing to train");
        }
    }

    @Test
    void textsAreCutToMaxTokensAndToThePositionsThatAPrefixLeaves() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            CausalData data = new CausalData(List.of(model.example("the router is dead ".repeat(60))), List.of());
            assertThat(tokensOfAStep(model, data, LanguageRuns.config(LanguageTrainingTest.LORA)))
                    .isEqualTo(64);
            int positions = model.config().maxPositions();
            TrainingConfig prefix =
                    LanguageRuns.config(new TuningMethod.Prefix(10)).withMaxTokens(8192);
            assertThat(tokensOfAStep(model, data, prefix)).isEqualTo(positions - 10);
        }
    }

    @Test
    void aPrefixThatLeavesNoRoomForATextIsNotTrained() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            TrainingConfig config = LanguageRuns.config(new TuningMethod.Prefix(95));
            assertThatThrownBy(() -> TrainingSession.start(model, LanguageRuns.data(model), config))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a prefix of 95 tokens leaves too few of the model's 96 positions")
                    .hasMessageContaining("at most 94");
        }
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            for (int tokens : new int[] {63, 64, 65}) {
                assertThatThrownBy(() -> TrainingSession.start(encoder, DATA, config(new TuningMethod.Prefix(tokens))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("at most 62");
            }
        }
    }

    private static long tokensOfAStep(LanguageModel model, CausalData data, TrainingConfig config) {
        try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
            session.step();
            return session.summary().tokens();
        }
    }

    @Test
    void layersComputedAgainGiveTheSameLossesToTheBit() {
        MemoryBudget again = new MemoryBudget(true, 256L << 20);
        for (TuningMethod method : METHODS) {
            TrainingConfig config = config(method).withEpochs(2);
            assertThat(classifierLosses(config.withMemory(again))).isEqualTo(classifierLosses(config));
        }
        for (TuningMethod method : LanguageTrainingTest.ADAPTERS) {
            TrainingConfig config = LanguageRuns.config(method).withEpochs(2).withNoise(new Noise(0.5, 0, 5));
            assertThat(languageLosses(config.withMemory(again))).isEqualTo(languageLosses(config));
        }
    }

    @Test
    void whatIsKeptOfFrozenLayersChangesNoLoss() {
        MemoryBudget none = new MemoryBudget(false, 0);
        TrainingConfig classifier = config(LORA).withEpochs(2).withFrozenLayers(1);
        assertClose(classifierLosses(classifier.withMemory(none)), classifierLosses(classifier));
        TrainingConfig head = config(HEAD).withEpochs(2);
        assertClose(classifierLosses(head.withMemory(none)), classifierLosses(head));
        TrainingConfig language =
                LanguageRuns.config(LanguageTrainingTest.LORA).withEpochs(2).withFrozenLayers(1);
        assertClose(languageLosses(language.withMemory(none)), languageLosses(language));
    }

    private static void assertClose(List<Double> found, List<Double> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-5));
        }
    }

    private static List<Double> classifierLosses(TrainingConfig config) {
        try (TextEncoder encoder = Fixtures.tinyEncoder();
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, config)) {
            return LanguageRuns.losses(session);
        }
    }

    private static List<Double> languageLosses(TrainingConfig config) {
        try (LanguageModel model = LanguageRuns.open("qwen2");
                TrainingSession<LanguageTuning> session =
                        TrainingSession.start(model, LanguageRuns.data(model), config)) {
            return LanguageRuns.losses(session);
        }
    }

    /** The linears would stay as they are without a word. */
    @ParameterizedTest
    @EnumSource(
            value = BasePrecision.class,
            names = {"FLOAT16", "NF4"})
    void fullTrainingOverLinearsThatAreNotHeldIn32BitsIsRefusedAndWhatNeedsNoneOfThemIsNot(BasePrecision precision) {
        try (LanguageModel model = LanguageModel.open(GoldenLanguage.directory("llama2"), precision)) {
            CausalData data = LanguageRuns.data(model);
            for (TrainingConfig config :
                    List.of(LanguageRuns.config(FULL), LanguageRuns.config(FULL).withFrozenLayers(1))) {
                assertThatThrownBy(() -> TrainingSession.start(model, data, config))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("held in " + precision)
                        .hasMessageContaining("open the model in FLOAT32");
            }
            for (TrainingConfig config :
                    List.of(LanguageRuns.config(FULL).withFrozenLayers(2), LanguageRuns.config(HEAD))) {
                try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                    double first = session.step().loss();
                    Fixtures.finish(session);
                    assertThat(session.summary().finalLoss()).isLessThan(first);
                }
            }
        }
    }

    @Test
    void theRateOfAStepIsThatOfWhatIsTrained() {
        try (TextEncoder encoder = Fixtures.tinyEncoder()) {
            LearningRates rates = new LearningRates(1e-2, 1e-3, 1e-4);
            for (TuningMethod method : METHODS) {
                TrainingConfig config = config(method).withRates(rates).withWarmupRatio(0);
                try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, DATA, config)) {
                    assertThat(session.step().learningRate())
                            .as(method.toString())
                            .isEqualTo(method.equals(FULL) ? 1e-3 : method.equals(HEAD) ? 1e-4 : 1e-2);
                }
            }
        }
    }
}
