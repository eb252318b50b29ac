package dev.perennial.lora;

import dev.perennial.lora.chat.ChatMessage;
import dev.perennial.lora.chat.ChatTemplate;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.DecoderConfig;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.lifetime.Holds;
import dev.perennial.lora.lifetime.ModelFiles;
import dev.perennial.lora.lifetime.OpenModels;
import dev.perennial.lora.lifetime.Retained;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.tokenizer.TextTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model with its tokenizer, held once in memory and shared by any number of adapters: generates, scores
 * and cuts texts into tokens. Safe for many threads; may be closed while others are inside a call.
 *
 * <pre>{@code
 * try (LanguageModel model = LanguageModel.open(directory);
 *         LanguageAdapter support = model.adapter(adapterDirectory)) {
 *     GenerationRequest question = GenerationRequest.of(Prompt.chat(ChatMessage.user("My router is dead.")))
 *             .withSampling(new Sampling(0.7, 0.9), seed)
 *             .withAdapter(support);
 *     String answer = model.generate(question).text();
 *     double perplexity = model.score(ScoreRequest.of("The router is dead.")).perplexity();
 * }
 * }</pre>
 */
public final class LanguageModel implements AutoCloseable {
    private static final OpenModels<LoadedLanguageModel> OPEN = new OpenModels<>(LoadedLanguageModel::close);

    private final Path directory;
    private final BasePrecision precision;
    private final LoadedLanguageModel loaded;
    private final @Nullable ChatTemplate template;
    private final @Nullable ModelFormatException noTemplate;
    private final Retained retained;

    /** A model in two precisions is two models. */
    private record Key(ModelFiles files, BasePrecision precision) {}

    private LanguageModel(Path directory, BasePrecision precision, Clock clock) {
        this.directory = directory;
        this.precision = precision;
        Key key = new Key(ModelFiles.of(directory), precision);
        this.loaded = OPEN.open(key, () -> LoadedLanguageModel.load(directory, precision));
        this.retained = new Retained("the model " + loaded.model().id(), () -> OPEN.close(key));
        ChatTemplate found = null;
        ModelFormatException refused = null;
        try {
            found = ChatTemplate.read(directory, clock);
        } catch (ModelFormatException e) {
            refused = e; // told to who asks for a chat: the model is of use without one
        }
        this.template = found;
        this.noTemplate = refused;
    }

    /**
     * Opens a Llama or Qwen2 directory in Hugging Face layout: config.json, model.safetensors or its shards,
     * tokenizer.json, and where they are there generation_config.json (end-of-text tokens) and a chat template. A model
     * that is open in this process already is not loaded again: all share its weights.
     *
     * @throws ModelFormatException if it is no such directory or cannot be read; nothing stays allocated
     */
    public static LanguageModel open(Path directory) {
        return open(directory, BasePrecision.FLOAT32);
    }

    /**
     * The same with the weights of the layers' linears in another precision, which they get one by one while they are
     * loaded: a model that is too large in 32 bits never is in memory so. Adapters are trained over it as over any; its
     * own weights are trained and merged in 32 bits only.
     *
     * @throws ModelFormatException if it is no such directory or cannot be read; nothing stays allocated
     * @throws IllegalArgumentException if a weight is beyond the precision's range, or if the process' device cannot
     *     compute in it; nothing stays allocated
     */
    public static LanguageModel open(Path directory, BasePrecision precision) {
        return open(directory, precision, Clock.system(ZoneId.systemDefault()));
    }

    /**
     * The same with another clock.
     *
     * @param clock for chat templates that write the date
     */
    public static LanguageModel open(Path directory, Clock clock) {
        return open(directory, BasePrecision.FLOAT32, clock);
    }

    private static LanguageModel open(Path directory, BasePrecision precision, Clock clock) {
        if (!Files.isDirectory(directory)) {
            throw new ModelFormatException(
                    directory + " is no directory: give that of a Hugging Face Llama or Qwen2 model");
        }
        return new LanguageModel(directory, precision, clock);
    }

    /** The last part of its directory's path. */
    public String id() {
        return loaded.model().id();
    }

    /** Fingerprint of the weights in hexadecimal; the same weights have the same one in whatever files they came. */
    public String sha256() {
        return loaded.model().sha256();
    }

    /** Of all that decides what it makes of tokens. */
    String identity() {
        return List.of(sha256(), config(), precision).toString();
    }

    public DecoderConfig config() {
        return loaded.model().config();
    }

    /** Token ids with the special ones that the tokenizer puts around a text. */
    public long[] tokenize(String text) {
        try (Retained.Hold _ = retained.hold()) {
            return loaded.tokenizer().encode(text);
        }
    }

    /** The text of tokens without the special ones; bytes that are no text are U+FFFD. */
    public String detokenize(long... tokens) {
        try (Retained.Hold _ = retained.hold()) {
            return loaded.tokenizer().decode(tokens);
        }
    }

    /** How many tokens the model is asked with. */
    public int length(Prompt prompt) {
        try (Retained.Hold _ = retained.hold()) {
            return tokens(prompt).length;
        }
    }

    /**
     * Loads an adapter onto this model, which stays in memory until the adapter is closed, too.
     *
     * @param peftDirectory a LoRA or a prefix as peft writes it
     * @throws ModelFormatException if the directory is no adapter for this model; nothing stays allocated
     */
    public LanguageAdapter adapter(Path peftDirectory) {
        String name = String.valueOf(peftDirectory.toAbsolutePath().normalize().getFileName());
        try (Retained.Hold _ = retained.hold()) {
            return adapter(name, adapterWeights(peftDirectory));
        }
    }

    /**
     * Loads what a training has made of this model, without a directory between.
     *
     * @throws IllegalArgumentException if it was made of another model, or is of the model's own weights, trained in full
     *     or the head alone: these are {@linkplain LanguageTuning#save saved} and opened
     */
    public LanguageAdapter adapter(LanguageTuning tuned) {
        return adapter("tuned", tuned.adapterOf(loaded.model()));
    }

    /** On the heap. */
    Trained adapterWeights(Path peftDirectory) {
        try (Retained.Hold _ = retained.hold()) {
            return AdapterDirectory.read(peftDirectory, loaded.model().weights());
        }
    }

    LanguageAdapter adapter(String name, Trained weights) {
        Retained.Hold base = retained.hold();
        try {
            return new LanguageAdapter(name, loaded.model(), weights, base);
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    /** Continues one text; see {@link #generate(List, GenerationListener)}. */
    public Generation generate(GenerationRequest request) {
        return generate(List.of(request)).getFirst();
    }

    /** Continues texts; see {@link #generate(List, GenerationListener)}. */
    public List<Generation> generate(List<GenerationRequest> requests) {
        return generate(requests, GenerationListener.NONE);
    }

    /**
     * Continues texts together: prompts of any lengths and adapters run in one batch, and a text that has ended leaves it.
     * What a request gets depends on nothing else in the batch, but for rounding: sums of floats may come out otherwise in
     * another shape, so of two tokens as good as equally likely another one may be taken.
     *
     * <p>An interrupt of the thread ends all between two tokens and stays set.
     *
     * @param listener sees the texts grow; by its answer ends requests early
     * @return in the order of the requests
     * @throws IllegalArgumentException if a request cannot be met: its message names the request and what to change. Nothing
     *     is generated then
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public List<Generation> generate(List<GenerationRequest> requests, GenerationListener listener) {
        try (Retained.Hold _ = retained.hold();
                Holds _ = hold(requests.stream().flatMap(request -> Stream.ofNullable(request.adapter())))) {
            return new GenerationBatches(loaded, requests, this::tokens, listener).run();
        }
    }

    /** How likely the model finds a text; see {@link #score(List)}. */
    public Score score(ScoreRequest request) {
        return score(List.of(request)).getFirst();
    }

    /**
     * How likely the model finds texts, token by token.
     *
     * @return in the order of the requests
     * @throws IllegalArgumentException if a request cannot be met: its message names the request and what to change
     */
    public List<Score> score(List<ScoreRequest> requests) {
        try (Retained.Hold _ = retained.hold();
                Holds _ = hold(requests.stream().flatMap(request -> Stream.ofNullable(request.adapter())))) {
            return new Scoring(loaded, this::written).of(requests);
        }
    }

    private Holds hold(Stream<LanguageAdapter> adapters) {
        List<LanguageAdapter> distinct = adapters.distinct().toList();
        distinct.forEach(adapter -> adapter.requireMadeFor(loaded.model()));
        return Holds.of(distinct.stream().map(each -> each::hold));
    }

    /**
     * A text to learn, to its end, which is the first of the tokens that the model lists as such: every token counts but the
     * very first.
     *
     * @throws IllegalArgumentException if the model names no token that ends a text
     */
    public CausalExample example(String text) {
        return example(Prompt.tokens(), text);
    }

    /**
     * An answer to learn, to its end: what is given does not count. A token across the border is the answer's.
     *
     * @param given a text, or tokens; for a chat, {@linkplain #example(List) the whole conversation} is to be given
     * @throws IllegalArgumentException if the model names no token that ends a text
     */
    public CausalExample example(Prompt given, String answer) {
        try (Retained.Hold _ = retained.hold()) {
            long end = loaded.stopTokens().stream()
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the model %s names no eos_token_id in its config.json".formatted(id())));
            TextTokenizer tokenizer = loaded.tokenizer();
            LearningTexts texts = new LearningTexts(tokenizer);
            return switch (given) {
                case Prompt.Text(String text) ->
                    texts.continuation(tokenizer.encode(text), tokenizer.encode(text + answer), end);
                case Prompt.Tokens(List<Long> ids)
                when ids.isEmpty() -> texts.continuation(new long[0], tokenizer.encode(answer), end);
                case Prompt.Tokens tokens -> {
                    long[] before = tokens(tokens);
                    long[] after = tokenizer.encodeBare(answer);
                    long[] whole = Arrays.copyOf(before, before.length + after.length);
                    System.arraycopy(after, 0, whole, before.length, after.length);
                    yield texts.continuation(before, whole, end);
                }
                case Prompt.Chat _ ->
                    throw new IllegalArgumentException(
                            "give the whole conversation, its answer included, to example(List)");
            };
        }
    }

    /**
     * A conversation to learn from, as the model's chat template writes it: all that the assistant says counts, with the
     * token that ends its turn.
     *
     * @throws IllegalArgumentException if the model has no chat template
     * @throws dev.perennial.lora.chat.ConversationRefusedException if the template does not write such a conversation
     */
    public CausalExample example(List<ChatMessage> conversation) {
        try (Retained.Hold _ = retained.hold()) {
            return new LearningTexts(loaded.tokenizer()).conversation(template(), conversation);
        }
    }

    private long[] tokens(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text(String text) -> loaded.tokenizer().encode(text);
            case Prompt.Chat chat -> loaded.tokenizer().encodeBare(written(chat));
            case Prompt.Tokens(List<Long> ids) ->
                ids.stream().mapToLong(Long::longValue).toArray();
        };
    }

    private String written(Prompt.Chat chat) {
        return template().prompt(chat.messages());
    }

    private ChatTemplate template() {
        if (template == null) {
            throw new IllegalArgumentException(
                    "the model %s takes no chats: %s"
                            .formatted(id(), noTemplate == null ? "no template" : noTemplate.getMessage()),
                    noTemplate);
        }
        return template;
    }

    Retained.Hold hold() {
        return retained.hold();
    }

    Path directory() {
        return directory;
    }

    DecoderModel model() {
        return loaded.model();
    }

    /** Frees the weights once all that was opened over them, here and elsewhere in the process, is closed too. */
    @Override
    public void close() {
        retained.close();
    }
}
