package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.chat.ChatMessage;
import dev.perennial.lora.generate.Sampling;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class LanguageModelTest {
    static final List<String> MODELS = GoldenLanguage.NAMES;
    private static final int NEW_TOKENS = 24;

    @TempDir
    Path directory;

    private static LanguageModel open(String name) {
        return LanguageModel.open(GoldenLanguage.directory(name));
    }

    private static GenerationRequest greedy(String prompt) {
        return GenerationRequest.of(prompt).withMaxTokens(NEW_TOKENS);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aBatchContinuesEachPromptAsTransformersGeneratesItAlone(String name) {
        GoldenLanguage golden = GoldenLanguage.of(name);
        try (LanguageModel model = open(name)) {
            List<Generation> found = model.generate(golden.greedy().stream()
                    .map(text -> greedy(text.prompt()).withLogProbabilities())
                    .toList());
            assertLike(found, golden.greedy());
            for (int i = 0; i < found.size(); i++) {
                boolean ended =
                        golden.stopTokens().contains(found.get(i).tokens().getLast());
                assertThat(found.get(i).finish())
                        .isEqualTo(ended ? Generation.Finish.STOP_TOKEN : Generation.Finish.LENGTH);
                assertThat(found.get(i).promptTokens())
                        .isEqualTo(model.tokenize(golden.greedy().get(i).prompt()).length);
            }
            assertThat(found).extracting(Generation::finish).contains(Generation.Finish.STOP_TOKEN);
        }
    }

    private static void assertLike(List<Generation> found, List<GoldenLanguage.Continued> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).tokens()).isEqualTo(expected.get(i).tokens());
            assertThat(found.get(i).text()).isEqualTo(expected.get(i).text());
            assertClose(found.get(i).logProbabilities(), expected.get(i).logProbabilities());
        }
    }

    private static void assertClose(List<Double> found, List<Double> expected) {
        assertThat(array(found)).containsExactly(array(expected), within(1e-4));
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aStopStringEndsTheTextWhereTransformersFindsIt(String name) {
        try (LanguageModel model = open(name)) {
            for (GoldenLanguage.Stopped stopped : GoldenLanguage.of(name).stopped()) {
                Generation found =
                        model.generate(greedy(stopped.prompt()).withStopStrings("never said", stopped.stop()));
                assertThat(found.tokens()).isEqualTo(stopped.tokens());
                assertThat(found.text()).isEqualTo(stopped.text());
                assertThat(found.finish()).isEqualTo(Generation.Finish.STOP_STRING);
                assertThat(found.logProbabilities()).isEmpty();
            }
        }
    }

    @Test
    void aChatIsAskedWithTheModelsOwnTemplate() {
        for (String name : List.of("qwen2", "llama2")) {
            GoldenLanguage.Chat chat = GoldenLanguage.of(name).chat();
            try (LanguageModel model = open(name)) {
                Prompt prompt = new Prompt.Chat(chat.messages());
                Generation found = model.generate(GenerationRequest.of(prompt).withMaxTokens(8));
                assertThat(found.tokens()).isEqualTo(chat.tokens());
                assertThat(found.text()).isEqualTo(chat.text());
                assertThat(model.length(prompt)).isEqualTo(chat.promptTokens().size());
            }
        }
        try (LanguageModel model = open("llama3")) {
            assertThatThrownBy(() -> model.generate(GenerationRequest.of(Prompt.chat(ChatMessage.user("hi")))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("add a chat_template.jinja");
        }
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void textsAreScoredAsByTransformers(String name) {
        List<GoldenLanguage.Scored> golden = GoldenLanguage.of(name).scores();
        try (LanguageModel model = open(name)) {
            List<Score> found = model.score(golden.stream()
                    .map(text -> text.prompt().isEmpty()
                            ? ScoreRequest.of(text.text())
                            : ScoreRequest.of(Prompt.text(text.prompt()), text.text()))
                    .toList());
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).tokens()).isEqualTo(golden.get(i).tokens());
                assertClose(found.get(i).logProbabilities(), golden.get(i).logProbabilities());
                double expected = golden.get(i).perplexity();
                assertThat(found.get(i).perplexity()).isCloseTo(expected, within(1e-4 * expected));
            }
        }
    }

    @Test
    void aSampledTextScoresAsItWasChosenWhateverTheTemperature() {
        try (LanguageModel model = open("qwen2");
                LanguageAdapter adapter = model.adapter(adapterDirectory("qwen2", "adapter-b"))) {
            Generation found = model.generate(greedy("the router")
                    .withSampling(new Sampling(2, 0.9), 3)
                    .withLogProbabilities()
                    .withAdapter(adapter));
            List<Long> all = new ArrayList<>();
            LongStream.of(model.tokenize("the router")).forEach(all::add);
            all.addAll(found.tokens());
            int scored = 0;
            for (int i = 0; i < found.tokens().size(); i++) {
                Prompt before = new Prompt.Tokens(
                        all.subList(0, all.size() - found.tokens().size() + i));
                long token = found.tokens().get(i);
                String text = model.detokenize(token);
                if (List.of(token)
                        .equals(LongStream.of(model.tokenize(text)).boxed().toList())) {
                    Score score = model.score(new ScoreRequest(before, text, adapter));
                    scored++;
                    assertThat(score.logProbability())
                            .isCloseTo(found.logProbabilities().get(i), within(1e-4));
                }
            }
            assertThat(scored).isGreaterThan(5);
            assertThat(found.logProbabilities()).hasSameSizeAs(found.tokens());
        }
    }

    private static Path adapterDirectory(String model, String adapter) {
        return GoldenLanguage.directory(model).resolve(adapter);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void requestsOfOneBatchEachUseTheirOwnAdapterAsInPeft(String name) {
        GoldenLanguage golden = GoldenLanguage.of(name);
        try (LanguageModel model = open(name);
                LanguageAdapter a = model.adapter(adapterDirectory(name, "adapter-a"));
                LanguageAdapter b = model.adapter(adapterDirectory(name, "adapter-b"))) {
            List<GenerationRequest> requests = new ArrayList<>();
            List<GoldenLanguage.Continued> expected = new ArrayList<>();
            for (int i = 0; i < golden.greedy().size(); i++) {
                GenerationRequest bare = greedy(golden.greedy().get(i).prompt()).withLogProbabilities();
                requests.addAll(List.of(bare.withAdapter(b), bare, bare.withAdapter(a)));
                expected.add(golden.adapted().get("adapter-b").get(i));
                expected.add(golden.greedy().get(i));
                expected.add(golden.adapted().get("adapter-a").get(i));
            }
            assertLike(model.generate(requests), expected);
        }
    }

    @Test
    void aRequestGetsTheSameAloneAndAmongOthers() {
        try (LanguageModel model = open("llama3");
                LanguageAdapter a = model.adapter(adapterDirectory("llama3", "adapter-a"));
                LanguageAdapter b = model.adapter(adapterDirectory("llama3", "adapter-b"))) {
            List<GenerationRequest> requests = IntStream.range(0, 40)
                    .mapToObj(i -> GenerationRequest.of("the router ".repeat(1 + i % 5))
                            .withMaxTokens(4 + i % 7)
                            .withSampling(new Sampling(0.8, i % 2 == 0 ? 1 : 0.8), i)
                            .withLogProbabilities()
                            .withAdapter(i % 3 == 0 ? null : i % 3 == 1 ? a : b))
                    .toList();
            List<Generation> together = model.generate(requests);
            for (int i = 0; i < requests.size(); i++) {
                Generation alone = model.generate(requests.get(i));
                assertThat(together.get(i).tokens()).isEqualTo(alone.tokens());
                assertThat(together.get(i).text()).isEqualTo(alone.text());
                assertThat(array(together.get(i).logProbabilities()))
                        .containsExactly(array(alone.logProbabilities()), within(1e-5));
            }
            assertThat(together).extracting(Generation::text).doesNotHaveDuplicates();
            assertThat(model.generate(List.of())).isEmpty();
        }
    }

    @Test
    void scoresOfOneBatchEachUseTheirOwnAdapter() {
        try (LanguageModel model = open("qwen2");
                LanguageAdapter a = model.adapter(adapterDirectory("qwen2", "adapter-a"));
                LanguageAdapter b = model.adapter(adapterDirectory("qwen2", "adapter-b"))) {
            List<ScoreRequest> requests = Stream.of(b, null, a, b)
                    .map(adapter -> ScoreRequest.of("the price of the plan").withAdapter(adapter))
                    .toList();
            List<Score> together = model.score(requests);
            for (int i = 0; i < requests.size(); i++) {
                Score alone = model.score(requests.get(i));
                assertThat(array(together.get(i).logProbabilities()))
                        .containsExactly(array(alone.logProbabilities()), within(1e-5));
            }
            assertThat(together.get(0)).isEqualTo(together.get(3)).isNotEqualTo(together.get(2));
            assertThat(together.get(1).perplexity())
                    .isNotEqualTo(together.get(2).perplexity());
        }
    }

    @Test
    void aTextIsScoredBehindAChatAndBehindTokensToo() {
        try (LanguageModel model = open("qwen2")) {
            Prompt chat = Prompt.chat(ChatMessage.user("hi"));
            Score score = model.score(ScoreRequest.of(chat, "hello there"));
            assertThat(model.detokenize(
                            score.tokens().stream().mapToLong(Long::longValue).toArray()))
                    .isEqualTo("hello there");
            long[] before = model.tokenize("Hello");
            Score tokens = model.score(ScoreRequest.of(Prompt.tokens(before), " there"));
            assertThat(tokens).isEqualTo(model.score(ScoreRequest.of(Prompt.text("Hello"), " there")));
        }
    }

    @Test
    void theListenerSeesEachTextGrowInOrder() {
        for (String name : MODELS) {
            GoldenLanguage golden = GoldenLanguage.of(name);
            try (LanguageModel model = open(name)) {
                List<StringBuilder> seen = Stream.generate(StringBuilder::new)
                        .limit(golden.greedy().size())
                        .toList();
                List<String> pieces = new ArrayList<>();
                List<Generation> found = model.generate(
                        golden.greedy().stream()
                                .map(text -> greedy(text.prompt()).withStopStrings("never said"))
                                .toList(),
                        (request, text) -> {
                            pieces.add(text);
                            return seen.get(request).append(text) != null;
                        });
                assertThat(seen)
                        .extracting(StringBuilder::toString)
                        .isEqualTo(found.stream().map(Generation::text).toList());
                assertThat(pieces).hasSizeGreaterThan(20).doesNotContain("");
            }
        }
    }

    @Test
    void aListenerEndsOneRequestAndTheOthersGoOn() {
        GoldenLanguage golden = GoldenLanguage.of("llama3");
        try (LanguageModel model = open("llama3")) {
            StringBuilder seen = new StringBuilder();
            List<Generation> found = model.generate(
                    golden.greedy().stream().map(text -> greedy(text.prompt())).toList(), (request, text) -> {
                        if (request == 2) {
                            seen.append(text);
                        }
                        return request != 2 || seen.length() < 3;
                    });
            assertThat(found.get(2).finish()).isEqualTo(Generation.Finish.CANCELLED);
            assertThat(found.get(2).text()).isEqualTo(seen.toString()).hasSizeLessThan(12);
            assertThat(golden.greedy().get(2).text()).startsWith(seen.toString());
            for (int other : new int[] {0, 1, 3}) {
                assertThat(found.get(other).text())
                        .isEqualTo(golden.greedy().get(other).text());
            }
        }
    }

    @Test
    void anInterruptEndsAllAndLeavesNothingBehind() {
        try (LanguageModel model = open("llama3")) {
            int before = arrays(model);
            assertThatThrownBy(() -> model.generate(List.of(greedy("the router is")), (request, text) -> {
                        Thread.currentThread().interrupt();
                        return true;
                    }))
                    .isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(arrays(model)).isEqualTo(before);
        }
    }

    @Test
    void whatCannotBeGeneratedIsRefusedWithWhatToChange() {
        try (LanguageModel model = open("qwen2");
                LanguageModel other = open("llama3");
                LanguageAdapter foreign = other.adapter(adapterDirectory("llama3", "adapter-a"))) {
            refused(
                    model,
                    greedy("the ".repeat(200)),
                    "requests[0] has 20",
                    "the model room for 96: shorten it to at most 95");
            refused(model, greedy(""), "has no tokens: give it some text");
            refused(
                    model,
                    GenerationRequest.of(Prompt.tokens(1, 297)),
                    "holds the token 297: the model has those from 0 to 296");
            refused(model, greedy("hi").withAdapter(foreign), "adapter-a was loaded over llama3");
            assertThatThrownBy(() -> greedy("hi").withMaxTokens(0))
                    .hasMessageContaining("maxTokens must be at least 1");
            assertThatThrownBy(() -> greedy("hi").withStopStrings("a", "")).hasMessageContaining("must not be empty");
            assertThatThrownBy(() -> model.score(ScoreRequest.of("x"))).hasMessageContaining("no token to score");
            assertThatThrownBy(() -> model.score(ScoreRequest.of("the ".repeat(200))))
                    .hasMessageContaining("cut it into parts");
            assertThatThrownBy(() -> model.adapter(
                            adapterDirectory("llama3", "adapter-a").getParent()))
                    .isInstanceOf(ModelFormatException.class);
        }
        assertThatThrownBy(() -> LanguageModel.open(directory.resolve("none"))).hasMessageContaining("is no directory");
    }

    private static void refused(LanguageModel model, GenerationRequest request, String... messages) {
        assertThatThrownBy(() -> model.generate(request))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(messages);
    }

    @Test
    void aTextEndsAtTheModelsLastPosition() {
        try (LanguageModel model = open("llama3")) {
            long[] prompt = new long[90];
            Arrays.fill(prompt, 40);
            Generation found = model.generate(GenerationRequest.of(Prompt.tokens(prompt)));
            assertThat(found.tokens().size() + prompt.length).isEqualTo(96);
            assertThat(found.finish()).isEqualTo(Generation.Finish.LENGTH);
        }
    }

    @Test
    void behindAPrefixATextEndsAtTheModelsLastPositionAndTheOthersOfItsCallGoOn() {
        try (LanguageModel model = open("llama3");
                LanguageAdapter prefix = model.adapter(Fixtures.prefix(directory, model, 3, 1))) {
            long[] prompt = new long[90];
            Arrays.fill(prompt, 40);
            GenerationRequest bare = GenerationRequest.of(Prompt.tokens(prompt));
            List<Generation> found = model.generate(List.of(bare.withAdapter(prefix), bare));
            assertThat(found).extracting(Generation::finish).containsOnly(Generation.Finish.LENGTH);
            assertThat(found.get(0).tokens()).hasSize(3);
            assertThat(found.get(1).tokens()).hasSize(6);
        }
    }

    @Test
    void aPromptOrATextThatLeavesNoRoomBehindItsPrefixIsRefusedBeforeAnyTextGrows() {
        try (LanguageModel model = open("llama3");
                LanguageAdapter prefix = model.adapter(Fixtures.prefix(directory, model, 3, 1))) {
            long[] tokens = new long[93];
            Arrays.fill(tokens, 40);
            List<String> seen = new ArrayList<>();
            List<GenerationRequest> requests = List.of(
                    greedy("the router"),
                    GenerationRequest.of(Prompt.tokens(tokens)).withAdapter(prefix));
            assertThatThrownBy(() -> model.generate(requests, (_, text) -> seen.add(text)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "the prompt of requests[1] has 93 tokens, the model room for 93: shorten it to at most 92");
            assertThat(seen).isEmpty();
            ScoreRequest fits = ScoreRequest.of(Prompt.tokens(Arrays.copyOf(tokens, 92)), "a");
            assertThat(model.score(fits.withAdapter(prefix)).tokens()).hasSize(1);
            assertThatThrownBy(() -> model.score(List.of(
                            fits, ScoreRequest.of(Prompt.tokens(tokens), "a").withAdapter(prefix))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("requests[1] has 94 tokens, the model room for 93: cut it into parts");
        }
    }

    @Test
    void requestsOfPrefixesShareACallWithAllOthers() {
        try (LanguageModel model = open("qwen2");
                LanguageAdapter lora = model.adapter(adapterDirectory("qwen2", "adapter-a"));
                LanguageAdapter one = model.adapter(Fixtures.prefix(directory.resolve("one"), model, 3, 1));
                LanguageAdapter two = model.adapter(Fixtures.prefix(directory.resolve("two"), model, 5, 2));
                LanguageAdapter twoAgain = two.share()) {
            List<GenerationRequest> requests = new ArrayList<>();
            List<ScoreRequest> scored = new ArrayList<>();
            for (LanguageAdapter adapter : Arrays.asList(two, null, one, lora, twoAgain, lora, one)) {
                String prompt = "the router ".repeat(1 + requests.size() % 3);
                requests.add(
                        greedy(prompt).withMaxTokens(6).withLogProbabilities().withAdapter(adapter));
                scored.add(ScoreRequest.of(prompt).withAdapter(adapter));
            }
            List<Generation> together = model.generate(requests);
            List<Score> scores = model.score(scored);
            for (int i = 0; i < requests.size(); i++) {
                Generation alone = model.generate(requests.get(i));
                assertThat(together.get(i).tokens()).isEqualTo(alone.tokens());
                assertClose(together.get(i).logProbabilities(), alone.logProbabilities());
                assertClose(
                        scores.get(i).logProbabilities(),
                        model.score(scored.get(i)).logProbabilities());
            }
        }
    }

    @Test
    void aPrefixThatLeavesNoRoomForATextIsNotLoaded() {
        try (LanguageModel model = open("qwen2")) {
            Fixtures.prefix(directory, model, 95, 1);
            assertThatThrownBy(() -> model.adapter(directory))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("a prefix of 95 tokens")
                    .hasMessageContaining("the model's 96 positions")
                    .hasMessageContaining("at most 94");
            model.adapter(Fixtures.prefix(directory.resolve("long"), model, 94, 1))
                    .close();
        }
    }

    @Test
    void anAdapterThatCannotBeLoadedLeavesNothingAllocated() {
        try (LanguageModel model = open("llama2")) {
            int before = arrays(model);
            SortedMap<String, Tensor> tensors = new TreeMap<>(Map.of(
                    "model.norm.weight",
                    Torch.tensor(model.model().weights().arrays().get("model.norm.weight")),
                    PrefixWeights.EMBEDDINGS,
                    Tensor.of(new float[1], 1, 1)));
            Trained broken = new Trained(new TuningMethod.Prefix(1), tensors);
            assertThatThrownBy(() -> model.adapter("broken", broken)).isInstanceOf(IllegalArgumentException.class);
            assertThat(arrays(model)).isEqualTo(before);
        }
    }

    @Test
    void aTextOfNothingIsRefusedByItsRequest() {
        for (String name : MODELS) {
            try (LanguageModel model = open(name)) {
                assertThatThrownBy(() -> model.score(List.of(ScoreRequest.of("the router"), ScoreRequest.of(""))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("requests[1] has no token to score: give it more text, or something before it");
                assertThatThrownBy(() -> model.score(ScoreRequest.of(Prompt.tokens(), "")))
                        .hasMessageStartingWith("requests[0] has no token to score");
                assertThatThrownBy(() -> model.score(ScoreRequest.of(Prompt.tokens(1, 9999), "a")))
                        .hasMessageStartingWith("requests[0] holds the token 9999: the model has those from 0 to");
            }
        }
    }

    @Test
    void endOfTextTokensComeFromTheGenerationConfigOrElseFromTheConfig() throws IOException {
        GoldenLanguage golden = GoldenLanguage.of("llama3");
        try (Stream<Path> files = Files.list(GoldenLanguage.directory("llama3"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        Files.delete(directory.resolve("generation_config.json"));
        GoldenLanguage.Continued text = golden.greedy().getFirst();
        try (LanguageModel model = LanguageModel.open(directory)) {
            Generation found = model.generate(greedy(text.prompt()));
            assertThat(found.tokens())
                    .startsWith(text.tokens().toArray(Long[]::new))
                    .hasSize(NEW_TOKENS);
            assertThat(model.sha256()).hasSize(64);
        }
    }

    @Test
    void theSameDirectoryIsInMemoryOnceAndOutlivesItsOwnersWhileAnAdapterIsOpen() {
        LanguageModel first = open("llama3");
        LanguageModel second = open("llama3");
        assertThat(second.model()).isSameAs(first.model());
        LanguageAdapter adapter = first.adapter(adapterDirectory("llama3", "adapter-a"));
        first.close();
        assertThatThrownBy(() -> first.tokenize("hi"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(second.generate(greedy("hi").withAdapter(adapter)).tokens()).isNotEmpty();
        second.close();
        assertThat(first.model().memory().isOpen()).isTrue();
        adapter.close();
        assertThat(first.model().memory().isOpen()).isFalse();
    }

    @Test
    void manyThreadsGetTheAnswersOfOneAndAModelMayBeClosedMeanwhile() throws InterruptedException, ExecutionException {
        GoldenLanguage golden = GoldenLanguage.of("qwen2");
        LanguageModel model = open("qwen2");
        List<CountDownLatch> begun =
                IntStream.range(0, 6).mapToObj(_ -> new CountDownLatch(1)).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Future<Generation>> answers = new ArrayList<>();
            for (CountDownLatch own : begun) {
                answers.add(threads.submit(() -> {
                    List<Generation> found = model.generate(
                            Collections.nCopies(2, greedy(golden.greedy().get(1).prompt())), (request, text) -> {
                                own.countDown();
                                return true;
                            });
                    return found.get(1);
                }));
            }
            for (CountDownLatch own : begun) {
                own.await();
            }
            model.close();
            for (Future<Generation> answer : answers) {
                assertThat(answer.get().text()).isEqualTo(golden.greedy().get(1).text());
            }
        }
        assertThat(model.model().memory().isOpen()).isFalse();
    }

    @Test
    void anAdapterStaysUntilItsLastHandleIsClosed() {
        GoldenLanguage.Continued golden =
                GoldenLanguage.of("qwen2").adapted().get("adapter-a").get(1);
        try (LanguageModel model = open("qwen2")) {
            int before = arrays(model);
            LanguageAdapter first = model.adapter(adapterDirectory("qwen2", "adapter-a"));
            LanguageAdapter second = first.share();
            first.close();
            assertThatThrownBy(first::share).hasMessageContaining("adapter-a is closed");
            assertThat(model.generate(greedy(golden.prompt()).withAdapter(second))
                            .text())
                    .isEqualTo(golden.text());
            second.close();
            assertThat(arrays(model)).isEqualTo(before);
        }
    }

    @Test
    void callsLeaveNothingAllocated() {
        try (LanguageModel model = open("llama2")) {
            int before = arrays(model);
            for (int i = 0; i < 3; i++) {
                try (LanguageAdapter adapter = model.adapter(adapterDirectory("llama2", "adapter-b"))) {
                    model.generate(List.of(greedy("the"), greedy("Hello there").withAdapter(adapter)));
                    model.score(List.of(
                            ScoreRequest.of("the router"),
                            ScoreRequest.of("the light is red").withAdapter(adapter)));
                }
                assertThat(arrays(model)).isEqualTo(before);
            }
        }
    }

    private static int arrays(LanguageModel model) {
        return model.model().memory().getManagedArrays().size();
    }
}
