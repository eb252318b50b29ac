package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.chat.ChatMessage;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.MemoryBudget;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class LanguageTrainingTest {
    static final TuningMethod LORA =
            TuningMethod.lora(Fixtures.dropping(4, 0.1, "q_proj", "k_proj", "v_proj", "o_proj", "down_proj"));
    static final TuningMethod QLORA = TuningMethod.qlora(Fixtures.dropping(4, 0.1, "q_proj", "down_proj"));
    static final TuningMethod PREFIX = new TuningMethod.Prefix(3);
    static final List<TuningMethod> ADAPTERS = List.of(LORA, QLORA, PREFIX);
    static final List<TuningMethod> WHOLE = List.of(new TuningMethod.Full(true, true), new TuningMethod.HeadOnly());
    static final List<String> MODELS = GoldenLanguage.NAMES;

    @TempDir
    Path directory;

    private static String text(LanguageModel model, CausalExample example, boolean counted) {
        return model.detokenize(tokens(example, counted).toArray());
    }

    private static LongStream tokens(CausalExample example, boolean counted) {
        return IntStream.range(0, example.tokens().length)
                .filter(i -> example.counted()[i] == counted)
                .mapToLong(i -> example.tokens()[i]);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void ofATextEveryTokenCountsButTheFirstAndOfAnAnswerNothingThatIsGiven(String name) {
        List<Long> ends = GoldenLanguage.of(name).stopTokens();
        try (LanguageModel model = LanguageRuns.open(name)) {
            long[] tokens = model.tokenize("the router is dead");
            CausalExample whole = model.example("the router is dead");
            assertThat(whole.tokens()).startsWith(tokens).hasSize(tokens.length + 1);
            assertThat(whole.tokens()[tokens.length]).isEqualTo(ends.getFirst());
            assertThat(whole.targets()).isEqualTo(tokens.length);
            CausalExample answer = model.example(Prompt.text("the router"), " is dead");
            assertThat(answer.tokens()).isEqualTo(whole.tokens());
            int given = model.tokenize("the router").length;
            assertThat(answer.targets()).isEqualTo(tokens.length + 1 - given);
            assertThat(tokens(answer, false).toArray()).isEqualTo(model.tokenize("the router"));
            CausalExample across = model.example(Prompt.text("the rou"), "ter is dead");
            assertThat(across.tokens()).isEqualTo(whole.tokens());
            assertThat("the rou").startsWith(text(model, across, false));
            assertThat(text(model, across, true)).contains("ter is dead");
            assertThat(across.targets()).isGreaterThanOrEqualTo(answer.targets());
            CausalExample numbers = model.example(new Prompt.Tokens(List.of(5L, 6L, 7L)), " is dead");
            assertThat(tokens(numbers, false).toArray()).containsExactly(5, 6, 7);
            assertThat(numbers.tokens()[numbers.tokens().length - 1]).isEqualTo(ends.getFirst());
        }
    }

    private static final List<ChatMessage> CONVERSATION = List.of(
            ChatMessage.user("is the router dead?"),
            ChatMessage.assistant("the router is red"),
            ChatMessage.user("and the bill"),
            ChatMessage.assistant("late"));

    @Test
    void ofAConversationAllThatTheAssistantSaysCountsWithTheTokenThatEndsItsTurn() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            long end = model.tokenize("<|im_end|>")[0];
            CausalExample example = model.example(CONVERSATION);
            assertCounted(model, example, "\n", "the router is red<|im_end|>\n", "late<|im_end|>\n");
            assertThat(tokens(example, true).filter(token -> token == end)).hasSize(2);
            assertThat(tokens(example, false).filter(token -> token == end)).hasSize(2);
        }
        try (LanguageModel model = LanguageRuns.open("llama2")) {
            assertCounted(model, model.example(CONVERSATION), "]", "the router is red</s>", "late</s>");
        }
        try (LanguageModel model = LanguageRuns.open("llama3")) {
            assertThatThrownBy(() -> model.example(CONVERSATION)).hasMessageContaining("takes no chats");
        }
    }

    /** Each run of tokens that count is an answer to the end of its turn, and there are no others. */
    private static void assertCounted(LanguageModel model, CausalExample example, String before, String... ended) {
        List<String> runs = new ArrayList<>();
        int from = 0;
        for (int at = 1; at <= example.tokens().length; at++) {
            boolean counts = at < example.tokens().length && example.counted()[at];
            if (counts && !example.counted()[at - 1]) {
                from = at;
            } else if (!counts && example.counted()[at - 1]) {
                runs.add(Arrays.toString(Arrays.copyOfRange(example.tokens(), from, at)));
            }
        }
        assertThat(runs)
                .containsExactlyElementsOf(Arrays.stream(ended)
                        .map(text -> Arrays.toString(after(model, before, text)))
                        .toList());
    }

    /** The tokens of a text behind another one. */
    private static long[] after(LanguageModel model, String before, String text) {
        long[] tokens = model.tokenize(before + text);
        return Arrays.copyOfRange(tokens, model.tokenize(before).length, tokens.length);
    }

    @ParameterizedTest
    @FieldSource("ADAPTERS")
    void aRunLowersTheLossAndTheSavedAdapterHasWhatItReached(TuningMethod method) {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            SortedMap<String, Tensor> before = LanguageRuns.weights(model);
            double bare = LanguageRuns.scored(model, LanguageRuns.VALIDATION);
            CausalData data = LanguageRuns.data(model);
            TrainingConfig config = LanguageRuns.config(method).withEpochs(10).withLearningRate(0.05);
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                double start = session.summary().bestValidationLoss().orElseThrow();
                List<Double> losses = LanguageRuns.losses(session);
                assertThat(session.summary().finalLoss()).isLessThan(losses.getFirst() - 0.2);
                LanguageTuning tuning = session.finish();
                tuning.save(directory.resolve("adapter"));
                assertAskedAtOnce(model, tuning, directory.resolve("adapter"));
                double trained = session.summary().bestValidationLoss().orElseThrow();
                assertThat(trained).isLessThan(start - 0.1);
                if (method.basePrecision() != BasePrecision.NF4) { // a score has the base as it is
                    assertThat(start).isCloseTo(bare, within(method.equals(LORA) ? 1e-5 : 2));
                    try (LanguageAdapter adapter = model.adapter(directory.resolve("adapter"))) {
                        double scored = LanguageRuns.scored(model, adapter, LanguageRuns.VALIDATION);
                        assertThat(scored).isCloseTo(trained, within(1e-5));
                    }
                }
            }
            LanguageRuns.assertSame(LanguageRuns.weights(model), before);
            assertThat(LanguageRuns.scored(model, LanguageRuns.VALIDATION)).isEqualTo(bare);
        }
    }

    private static void assertAskedAtOnce(LanguageModel model, LanguageTuning tuning, Path saved) {
        try (LanguageAdapter fresh = model.adapter(tuning);
                LanguageAdapter read = model.adapter(saved);
                LanguageModel other = LanguageRuns.open("llama3")) {
            List<Score> scores = Stream.of(fresh, read)
                    .map(adapter -> model.score(
                            ScoreRequest.of(LanguageRuns.VALIDATION.getFirst()).withAdapter(adapter)))
                    .toList();
            assertThat(scores.getFirst()).isEqualTo(scores.getLast());
            assertThatThrownBy(() -> other.adapter(tuning))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the training was of qwen2: give it to that model instead of llama3");
        }
    }

    @ParameterizedTest
    @FieldSource("WHOLE")
    void aModelTrainedItselfIsSavedWholeAndTheSharedOneStaysAsItWas(TuningMethod method) {
        Path tuned = directory.resolve("tuned");
        try (LanguageModel model = LanguageRuns.open("llama3")) {
            SortedMap<String, Tensor> before = LanguageRuns.weights(model);
            double bare = LanguageRuns.scored(model, LanguageRuns.VALIDATION);
            TrainingConfig config = LanguageRuns.config(method).withEpochs(4);
            double trained;
            try (TrainingSession<LanguageTuning> session =
                    TrainingSession.start(model, LanguageRuns.data(model), config)) {
                Fixtures.finish(session);
                LanguageTuning tuning = session.finish();
                tuning.save(tuned);
                assertThatThrownBy(() -> model.adapter(tuning))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("save it and open the directory");
                trained = session.summary().bestValidationLoss().orElseThrow();
            }
            assertThat(trained).isLessThan(bare);
            LanguageRuns.assertSame(LanguageRuns.weights(model), before);
            try (LanguageModel whole = LanguageModel.open(tuned)) {
                assertThat(LanguageRuns.scored(whole, LanguageRuns.VALIDATION)).isCloseTo(trained, within(1e-5));
                if (method instanceof TuningMethod.HeadOnly) {
                    SortedMap<String, Tensor> after = LanguageRuns.weights(whole);
                    assertThat(after.remove("lm_head.weight").values())
                            .isNotEqualTo(before.remove("lm_head.weight").values());
                    LanguageRuns.assertSame(after, before);
                }
            }
        }
    }

    @Test
    void aRunStopsAtTheBestValidationLossAndGoesBackToItsWeights() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            List<String> other = List.of("red red red red", "dead phone dead phone");
            CausalData data =
                    new CausalData(LanguageRuns.data(model).train(), LanguageRuns.wholes(model, other), List.of());
            TrainingConfig config =
                    LanguageRuns.config(LORA).withEpochs(60).withPatience(2).withLearningRate(0.05);
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                Fixtures.finish(session);
                TrainingSummary summary = session.summary();
                assertThat(summary.stoppedEarly()).isTrue();
                assertThat(summary.epochs()).isEqualTo(summary.bestEpoch() + 2).isLessThan(60);
                session.finish().save(directory.resolve("best"));
                try (LanguageAdapter adapter = model.adapter(directory.resolve("best"))) {
                    assertThat(LanguageRuns.scored(model, adapter, other))
                            .isCloseTo(summary.bestValidationLoss().orElseThrow(), within(1e-5));
                }
            }
        }
    }

    private static TrainingConfig everything(TuningMethod method) {
        return LanguageRuns.config(method)
                .withMicroBatches(2)
                .withLabelSmoothing(0.05)
                .withNoise(new Noise(0.5, 0.2, 5))
                .withRetention(new Retention(0.2, 1))
                .withAdaptation(new Adaptation(1, 0.5, 2, 2));
    }

    @ParameterizedTest
    @FieldSource("ADAPTERS")
    void aResumedRunWithEverythingOnSavesTheSameBytesAsAnUnbrokenOne(TuningMethod method) throws IOException {
        assertResumes("qwen2", everything(method));
    }

    @ParameterizedTest
    @FieldSource("WHOLE")
    void soDoesOneOfTheModelItself(TuningMethod method) throws IOException {
        assertResumes("llama3", everything(method));
    }

    @Test
    void soDoesOneOverFrozenLayersWhateverIsKeptOfThem() throws IOException {
        TrainingConfig config = LanguageRuns.config(LORA).withFrozenLayers(1).withRetention(new Retention(0.2, 1));
        assertResumes("qwen2", config);
        assertResumes("qwen2", config.withMemory(new MemoryBudget(true, 4 * 16 * 20)));
    }

    private void assertResumes(String name, TrainingConfig config) throws IOException {
        try (LanguageModel model = LanguageRuns.open(name)) {
            CausalData data = LanguageRuns.data(model);
            Path straight = directory.resolve("straight");
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                Fixtures.finish(session);
                session.finish().save(straight);
            }
            Path checkpoint = directory.resolve("checkpoint");
            for (int brokenAt : new int[] {0, 2, 3, 5}) {
                Path resumed = directory.resolve("resumed at " + brokenAt);
                try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                    for (int i = 0; i < brokenAt && !session.done(); i++) {
                        session.step();
                    }
                    session.checkpoint(checkpoint);
                }
                try (TrainingSession<LanguageTuning> session =
                        TrainingSession.resume(model, data, config, checkpoint)) {
                    Fixtures.finish(session);
                    session.finish().save(resumed);
                }
                LanguageRuns.assertSameFiles(straight, resumed);
            }
        }
    }

    @Test
    void aChildBeginsWhereItsParentEnded() {
        for (TuningMethod method : ADAPTERS) {
            try (LanguageModel model = LanguageRuns.open("qwen2")) {
                CausalData data = LanguageRuns.data(model);
                TrainingConfig config = LanguageRuns.config(method);
                Path parent = directory.resolve("parent " + ADAPTERS.indexOf(method));
                double reached;
                try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                    Fixtures.finish(session);
                    reached = session.summary().bestValidationLoss().orElseThrow();
                    session.finish().save(parent);
                }
                try (TrainingSession<LanguageTuning> child = TrainingSession.start(model, data, config, parent)) {
                    assertThat(child.summary().bestValidationLoss().orElseThrow())
                            .isCloseTo(reached, within(1e-6));
                    Fixtures.finish(child);
                    assertThat(child.summary().bestValidationLoss().orElseThrow())
                            .isLessThan(reached);
                }
            }
        }
    }

    @Test
    void aParentThatDoesNotFitIsRefused() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            CausalData data = LanguageRuns.data(model);
            Path lora = save(model, data, LORA);
            Path prefix = save(model, data, PREFIX);
            assertThatThrownBy(() -> TrainingSession.start(model, data, LanguageRuns.config(PREFIX), lora))
                    .hasMessageContaining("the parent was made by Lora");
            TrainingConfig longer = LanguageRuns.config(new TuningMethod.Prefix(4));
            assertThatThrownBy(() -> TrainingSession.start(model, data, longer, prefix))
                    .hasMessageContaining("must have 3 too");
            TrainingConfig frozen = LanguageRuns.config(LORA).withFrozenLayers(1);
            assertThatThrownBy(() -> TrainingSession.start(model, data, frozen, lora))
                    .hasMessageContaining("take that layer out of frozenLayers");
        }
    }

    @Test
    void aChildHasItsParentsAdaptersAndADropoutOfItsOwn() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            CausalData data = LanguageRuns.data(model);
            Path parent = save(model, data, LORA);
            LoraSettings asked = Fixtures.dropping(2, 0.5, "q_proj");
            TrainingConfig config = LanguageRuns.config(TuningMethod.lora(asked));
            try (TrainingSession<LanguageTuning> child = TrainingSession.start(model, data, config, parent)) {
                LoraSettings parents = Fixtures.dropping(4, 0.5, "q_proj", "k_proj", "v_proj", "o_proj", "down_proj");
                assertThat(child.finish().method()).isEqualTo(TuningMethod.lora(parents));
            }
            LoraSettings none = Fixtures.dropping(2, 0, "q_proj");
            assertThat(firstLoss(model, data, config, parent))
                    .isNotEqualTo(firstLoss(model, data, LanguageRuns.config(TuningMethod.lora(none)), parent));
        }
    }

    private static double firstLoss(LanguageModel model, CausalData data, TrainingConfig config, Path parent) {
        try (TrainingSession<LanguageTuning> child = TrainingSession.start(model, data, config, parent)) {
            child.step();
            return child.step().loss();
        }
    }

    @Test
    void aValidationTextCountsTheSameWhateverItsWeight() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            CausalData data = LanguageRuns.data(model);
            double plain = validationLoss(model, data);
            assertThat(plain).isCloseTo(LanguageRuns.scored(model, LanguageRuns.VALIDATION), within(1e-4));
            List<CausalExample> light = new ArrayList<>();
            data.validation().forEach(example -> light.add(example.withWeight(light.isEmpty() ? 7 : 0.01f)));
            assertThat(validationLoss(model, new CausalData(data.train(), light)))
                    .isEqualTo(plain);
        }
    }

    private static double validationLoss(LanguageModel model, CausalData data) {
        try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, LanguageRuns.config(LORA))) {
            return session.summary().bestValidationLoss().orElseThrow();
        }
    }

    private Path save(LanguageModel model, CausalData data, TuningMethod method) {
        try (TrainingSession<LanguageTuning> session =
                TrainingSession.start(model, data, LanguageRuns.config(method))) {
            return session.finish()
                    .save(directory.resolve("of " + method.getClass().getSimpleName()));
        }
    }

    @Test
    void stepsLeaveNoArrayBehind() {
        try (LanguageModel model = LanguageRuns.open("qwen2")) {
            TrainingConfig frozen =
                    LanguageRuns.config(LORA).withFrozenLayers(1).withRetention(new Retention(0.2, 1));
            for (TrainingConfig config : List.of(everything(LORA), everything(PREFIX), frozen)) {
                try (TrainingSession<LanguageTuning> session =
                        TrainingSession.start(model, LanguageRuns.data(model), config)) {
                    session.step();
                    int before = session.managedArrays();
                    Fixtures.finish(session);
                    assertThat(session.managedArrays()).isEqualTo(before);
                }
            }
        }
    }
}
