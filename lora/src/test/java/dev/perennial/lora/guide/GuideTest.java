package dev.perennial.lora.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.lora.AdapterPool;
import dev.perennial.lora.CausalData;
import dev.perennial.lora.Classification;
import dev.perennial.lora.ClassifierRequest;
import dev.perennial.lora.Generation;
import dev.perennial.lora.GenerationRequest;
import dev.perennial.lora.GoldenLanguage;
import dev.perennial.lora.LabelledText;
import dev.perennial.lora.LanguageAdapter;
import dev.perennial.lora.LanguageModel;
import dev.perennial.lora.LanguageTuning;
import dev.perennial.lora.Prompt;
import dev.perennial.lora.Score;
import dev.perennial.lora.ScoreRequest;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingData;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.TrainingStep;
import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.ModulePatterns;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.chat.ChatMessage;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.device.DeviceReport;
import dev.perennial.lora.export.MergeOptions;
import dev.perennial.lora.export.MergedDirectory;
import dev.perennial.lora.export.Precision;
import dev.perennial.lora.export.WeightChanges;
import dev.perennial.lora.generate.Sampling;
import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.MemoryBudget;
import dev.perennial.lora.recipe.Noise;
import dev.perennial.lora.recipe.Retention;
import dev.perennial.lora.recipe.TrainingConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands here between the comments {@code guide} and {@code end} is the Java code of docs/lora.md, block by block. */
class GuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "lora.md");
    private static final Path TESTS = Path.of("src", "test", "java", "dev", "perennial", "lora");
    private static final Pattern SNIPPET = Pattern.compile("(?s) *// guide\n(.*?) *// end\n");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT|GoldenFiles|Examples))`");
    private static final Pattern SCRIPT = Pattern.compile("`([a-z_0-9]+[.]py)");
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

    private static final List<LabelledText> TRAIN = List.of(
            new LabelledText("the router has no light", "offline"),
            new LabelledText("no internet at all", "offline"),
            new LabelledText("pages take a minute to load", "slow"),
            new LabelledText("the video stops all the time", "slow"));
    private static final List<LabelledText> VALIDATION =
            List.of(new LabelledText("I cannot get online", "offline"), new LabelledText("downloads crawl", "slow"));

    @TempDir
    Path directory;

    private static Path tinyEncoder() throws URISyntaxException {
        return Path.of(GuideTest.class.getResource("/tiny-bert").toURI());
    }

    private static Path tinyLanguageModel() {
        return GoldenLanguage.directory("qwen2");
    }

    private static List<String> found(Pattern pattern, Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            texts.add(matcher.group(1).stripTrailing().stripIndent());
        }
        return texts;
    }

    @Test
    void theGuideShowsWhatIsRunHere() throws IOException {
        List<String> snippets = new ArrayList<>(found(SNIPPET, TESTS.resolve("guide/GuideTest.java")));
        snippets.addAll(found(SNIPPET, TESTS.resolve("hub/ModelHubTest.java")));
        assertThat(found(BLOCK, GUIDE)).containsExactlyInAnyOrderElementsOf(snippets);
    }

    @Test
    void theTestsAndScriptsThatTheGuideNamesExist() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsAll(found(TEST, GUIDE).stream()
                            .map(name -> name + ".java")
                            .toList());
        }
        try (Stream<Path> files = Files.list(Path.of("src", "test", "python"))) {
            assertThat(files.map(file -> file.getFileName().toString())).hasSameElementsAs(found(SCRIPT, GUIDE));
        }
    }

    @Test
    void everyKnobOfTheRecipeIsInTheGuide() throws IOException {
        assertThat(Files.readString(GUIDE)).contains(knobs(TrainingConfig.class));
    }

    private static List<String> knobs(Class<?> group) {
        return Arrays.stream(group.getRecordComponents())
                .flatMap(knob -> knob.getType().isRecord() && knob.getType() != Noise.class
                        ? Stream.concat(
                                Stream.of("**`" + knob.getType().getSimpleName() + "`**"),
                                knobs(knob.getType()).stream())
                        : Stream.of("`" + knob.getName() + "`"))
                .toList();
    }

    @Test
    void aClassifierIsTrainedSavedAndAsked() {
        Path adapter = directory.resolve("adapter");
        try (TextEncoder open = TextEncoder.open("all-minilm-l6-v2")) { // so that it is loaded once
            trained(TRAIN, VALIDATION, adapter);
            asked(open, adapter, adapter);
        }
    }

    private static void trained(List<LabelledText> train, List<LabelledText> validation, Path adapter) {
        // guide
        TrainingData data = new TrainingData(List.of("offline", "slow"), train, validation);
        TrainingConfig config = TrainingConfig.defaults().withEpochs(5);
        try (TextEncoder encoder = TextEncoder.open("all-minilm-l6-v2");
                TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config)) {
            while (!session.done()) {
                TrainingStep step = session.step();
                System.out.printf("step %d of %d, loss %.3f%n", step.step(), step.totalSteps(), step.loss());
            }
            try (TextClassifier classifier = session.finish()) {
                classifier.save(adapter);
                Classification answer = classifier.classify("no connection since this morning");
                System.out.println(answer.label() + " " + answer.confidence());
            }
        }
        // end
        assertThat(adapter.resolve("adapter_model.safetensors")).exists();
    }

    private static void asked(TextEncoder encoder, Path support, Path sales) {
        // guide
        float[][] vectors = encoder.embed(List.of("my router is dead", "the line is slow")); // [2][D]
        try (TextClassifier first = encoder.classifier(support);
                TextClassifier second = encoder.classifier(sales)) {
            List<Classification> answers = encoder.classify(List.of(
                    new ClassifierRequest("my router is dead", first),
                    new ClassifierRequest("I want a faster line", second)));
            System.out.println(answers.getFirst().label());
        }
        // end

        // guide
        try (AdapterPool<TextClassifier> pool = AdapterPool.of(encoder, 64L << 20)) { // heads included
            pool.put("support", support);
            pool.put("sales", sales);
            try (TextClassifier first = pool.use("support");
                    TextClassifier second = pool.use("sales")) {
                pool.put("support", sales); // who has the old one finishes on it
                System.out.println(encoder.classify(List.of(
                        new ClassifierRequest("my router is dead", first),
                        new ClassifierRequest("I want a faster line", second))));
            }
        }
        // end
        assertThat(vectors).hasDimensions(2, encoder.width());
    }

    @Test
    void aLanguageModelIsTrainedAndSaved() {
        Path base = tinyLanguageModel();
        Path adapter = directory.resolve("adapter");
        Path merged = directory.resolve("merged");
        // guide
        try (LanguageModel model = LanguageModel.open(base)) {
            List<CausalExample> train = List.of(
                    model.example("The router restarts by itself."), // every token counts
                    model.example(Prompt.text("Q: My router is dead.\nA:"), " Press reset."), // the answer counts
                    model.example(List.of( // what the assistant says counts
                            ChatMessage.user("My router is dead."), ChatMessage.assistant("Press reset."))));
            List<CausalExample> validation = List.of(model.example("The router is dead."));
            CausalData data = new CausalData(train, validation);
            try (TrainingSession<LanguageTuning> session =
                    TrainingSession.start(model, data, TrainingConfig.causal())) {
                while (!session.done()) {
                    session.step();
                }
                LanguageTuning tuned = session.finish();
                try (LanguageAdapter adapted = model.adapter(tuned)) { // asked at once
                    GenerationRequest question = GenerationRequest.of("Q: My router is dead.\nA:");
                    Generation answer = model.generate(question.withAdapter(adapted));
                    System.out.println(answer.text());
                }
                tuned.save(adapter); // a directory that peft loads
                tuned.saveMerged(merged, MergeOptions.defaults()); // a whole model
            }
        }
        // end
        assertThat(adapter.resolve("adapter_config.json")).exists();
        try (LanguageModel model = LanguageModel.open(merged)) {
            assertThat(model.config().width()).isPositive();
        }
        Path out = directory.resolve("merged-later");
        merge(base, adapter, out);
        assertThat(out.resolve("model.safetensors")).exists();
    }

    private static void merge(Path base, Path adapter, Path out) {
        // guide
        try (DecoderModel model = DecoderModel.open(base)) {
            LoraWeights lora = LoraDirectory.read(adapter, model.weights().linears());
            MergeOptions options = MergeOptions.defaults().withPrecision(Precision.AS_BASE);
            MergedDirectory.write(out, base, WeightChanges.of(lora), options);
        }
        // end
    }

    @Test
    void everyMethodAndARecipe() throws IOException {
        // guide
        TuningMethod lora = TuningMethod.lora(LoraSettings.of(8, 16, "q_proj", "v_proj"));
        TuningMethod wideAtTheTop = TuningMethod.lora(new LoraSettings(
                8, // rank
                16, // alpha
                0.05, // dropout
                true, // rank-stabilised
                List.of("q_proj", "v_proj", "down_proj"),
                ModulePatterns.of(Map.of("layers.1.*", 32)), // ranks by name, as peft's rank_pattern
                ModulePatterns.of(Map.of("layers.1.*", 64.0)))); // likewise alphas
        TuningMethod qlora = TuningMethod.qlora(LoraSettings.of(16, 32, "q_proj", "v_proj"));
        TuningMethod prefix = new TuningMethod.Prefix(20); // virtual tokens
        TuningMethod full = new TuningMethod.Full(true, false); // norms too, embeddings not
        TuningMethod head = new TuningMethod.HeadOnly();
        // end
        for (TuningMethod method : List.of(lora, wideAtTheTop, qlora, prefix, full, head)) {
            trains(TrainingConfig.causal().withMethod(method).withEpochs(1));
        }
        // guide
        TrainingConfig config = TrainingConfig.causal()
                .withMethod(full)
                .withFrozenLayers(1) // the lowest; withFrozenLayers(layers) for others
                .withBaseLearningRate(2e-5)
                .withNoise(Noise.usual())
                .withRetention(new Retention(0.3, 0)) // three in ten examples are earlier ones
                .withAdaptation(Adaptation.usual())
                .withMemory(new MemoryBudget(true, 256L << 20)); // checkpointing, and 256 MiB for frozen layers
        // end
        trains(config.withEpochs(1));
    }

    private void trains(TrainingConfig config) throws IOException {
        try (LanguageModel model = LanguageModel.open(GoldenLanguage.directory("llama2"))) { // its head is its own
            CausalExample example = model.example("The router restarts by itself.");
            CausalData data = new CausalData(List.of(example), List.of(), List.of(example));
            try (TrainingSession<LanguageTuning> session = TrainingSession.start(model, data, config)) {
                assertThat(session.step().loss()).isPositive();
                Path saved = Files.createTempDirectory(directory, "run").resolve("saved");
                assertThat(session.finish().save(saved)).isNotEmptyDirectory();
            }
        }
    }

    @Test
    void aRunGoesOnFromItsCheckpoint() throws URISyntaxException {
        TrainingData data = new TrainingData(List.of("offline", "slow"), TRAIN, VALIDATION);
        TrainingConfig config = TrainingConfig.defaults().withBatchSize(2).withEpochs(5);
        Path file = directory.resolve("checkpoint");
        try (TextEncoder encoder = TextEncoder.open(tinyEncoder())) {
            try (TrainingSession<TextClassifier> session = TrainingSession.start(encoder, data, config)) {
                session.step();
                session.checkpoint(file);
            }
            // guide
            try (TrainingSession<TextClassifier> session = Files.exists(file)
                    ? TrainingSession.resume(encoder, data, config, file)
                    : TrainingSession.start(encoder, data, config)) {
                while (!session.done()) {
                    TrainingStep step = session.step();
                    if (step.step() % 100 == 0) {
                        session.checkpoint(file);
                    }
                }
                session.finish().close();
            }
            // end
        }
    }

    @Test
    void aLanguageModelIsUsed() {
        try (LanguageModel model = LanguageModel.open(tinyLanguageModel())) {
            Path adapter = tinyLanguageModel().resolve("adapter-a");
            // guide
            try (LanguageAdapter support = model.adapter(adapter)) {
                GenerationRequest question = GenerationRequest.of(Prompt.chat(ChatMessage.user("My router is dead.")))
                        .withMaxTokens(24)
                        .withSampling(new Sampling(0.7, 0.9), 42) // temperature, top-p, seed
                        .withStopStrings("\n\n");
                List<GenerationRequest> batch = List.of(question.withAdapter(support), question);
                List<Generation> answers = model.generate(batch, (request, text) -> {
                    System.out.println(request + ": " + text);
                    return true; // false ends this one
                });
                System.out.println(answers.getFirst().finish());
            }
            // end

            // guide
            Score score = model.score(ScoreRequest.of(Prompt.text("The router"), " is dead."));
            System.out.println(score.perplexity() + " " + score.logProbabilities());
            // end

            // guide
            try (AdapterPool<LanguageAdapter> pool = AdapterPool.of(model, 512L << 20)) { // 512 MiB for all
                pool.put("support", adapter);
                try (LanguageAdapter support = pool.use("support")) {
                    System.out.println(model.generate(GenerationRequest.of("The router")
                                    .withMaxTokens(8)
                                    .withAdapter(support))
                            .text());
                }
            }
            // end
            assertThat(score.perplexity()).isPositive();
        }
    }

    @Test
    void aDeviceIsReported() {
        // guide
        System.out.println(DeviceReport.current().text());
        // end
        assertThat(DeviceReport.current().text()).contains("PyTorch");
    }
}
