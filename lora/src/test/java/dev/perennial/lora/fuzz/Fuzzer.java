package dev.perennial.lora.fuzz;

import com.sun.management.ThreadMXBean;
import dev.perennial.lora.GenerationRequest;
import dev.perennial.lora.LanguageAdapter;
import dev.perennial.lora.LanguageModel;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.ScoreRequest;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.TrainingDivergedException;
import dev.perennial.lora.TrainingSession;
import dev.perennial.lora.chat.ChatMessage;
import dev.perennial.lora.chat.ChatTemplate;
import dev.perennial.lora.chat.ConversationRefusedException;
import dev.perennial.lora.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens mutants, each given by its subject and a seed, and uses those that load. All but a {@link ModelFormatException}
 * with a message gets out of {@link #run}.
 */
final class Fuzzer implements AutoCloseable {
    /** The largest of the files is some 30 KB. */
    private static final long MAX_HEAP_BYTES = 32L << 20;

    private static final List<String> TEXTS =
            List.of("", "my router is dead", "  The café, 你好 😀\u0000", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ModelFiles files;
    private final Map<Subject, byte[]> originals = new EnumMap<>(Subject.class);
    private final TextEncoder encoder;

    /** @param scratch an empty directory */
    Fuzzer(Path scratch) throws IOException {
        this.files = ModelFiles.writeTo(scratch);
        for (Subject subject : Subject.values()) {
            originals.put(subject, Files.readAllBytes(files.path(subject)));
            if (!open(subject)) {
                throw new IllegalStateException(subject + " does not load before any mutation");
            }
        }
        this.encoder = TextEncoder.open(files.path("model"));
    }

    byte[] mutant(Subject subject, long seed) {
        byte[] original = originals.get(subject);
        Mutation mutation = new Mutation(31 * seed + subject.name().hashCode());
        return switch (subject.file.substring(subject.file.lastIndexOf('.'))) {
            case ".safetensors" -> mutation.ofSafetensors(original);
            case ".jinja" -> mutation.ofTemplate(original);
            default -> mutation.ofJson(original);
        };
    }

    /** Whether the mutant loads. */
    boolean run(Subject subject, long seed) throws IOException {
        Path file = files.path(subject);
        Files.write(file, mutant(subject, seed));
        long before = THREADS.getCurrentThreadAllocatedBytes();
        boolean loaded = open(subject);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        Files.write(file, originals.get(subject));
        if (allocated > MAX_HEAP_BYTES) {
            throw new IllegalStateException(subject + " " + seed + " allocated " + allocated + " bytes");
        }
        return loaded;
    }

    private boolean open(Subject subject) {
        try {
            switch (subject) {
                case BARE_SAFETENSORS -> readAll(files.path(subject));
                case ADAPTER_CONFIG, ADAPTER_WEIGHTS, HEAD_CONFIG, HEAD_WEIGHTS -> classify(subject.directory);
                case CHECKPOINT -> resume(files.path(subject));
                case CHAT_TEMPLATE, TOKENIZER_CONFIG -> chat(subject.directory);
                case LORA_CONFIG, LORA_WEIGHTS, PREFIX_CONFIG, PREFIX_WEIGHTS -> adapt(subject.directory);
                case DECODER_WEIGHTS,
                        DECODER_CONFIG,
                        LLAMA3_CONFIG,
                        DECODER_SHARD,
                        DECODER_INDEX,
                        BYTE_LEVEL_TOKENIZER,
                        BYTE_FALLBACK_TOKENIZER,
                        GENERATION_CONFIG -> generate(subject.directory);
                default -> embed(subject.directory);
            }
            return true;
        } catch (ModelFormatException refused) {
            if (refused.getMessage() == null || refused.getMessage().isBlank()) {
                throw new IllegalStateException("refused without a reason", refused);
            }
            return false;
        }
    }

    private static void readAll(Path file) {
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            open.names().forEach(open::tensor);
        }
    }

    private void embed(String directory) {
        try (TextEncoder mutant = TextEncoder.open(files.path(directory))) {
            mutant.embed(TEXTS);
        }
    }

    private void classify(String directory) {
        try (TextEncoder base = TextEncoder.open(files.path("model"));
                TextClassifier mutant = base.classifier(Path.of(files.path(directory)))) {
            mutant.classify(TEXTS);
        }
    }

    private void resume(Path checkpoint) {
        try (TextEncoder base = TextEncoder.open(files.path("model"));
                TrainingSession<TextClassifier> session = ModelFiles.resume(base, checkpoint)) {
            if (!session.done()) {
                session.step();
            }
        } catch (TrainingDivergedException weightsAreNumbersButNotOfARun) {
            // loaded
        }
    }

    private void chat(String directory) {
        ChatTemplate template = ChatTemplate.read(Path.of(files.path(directory)), Clock.systemUTC());
        List<ChatMessage> messages = List.of(
                ChatMessage.user(TEXTS.get(1)), ChatMessage.assistant(TEXTS.get(2)), ChatMessage.user(TEXTS.get(3)));
        try {
            template.prompt(messages);
            template.answers(messages);
        } catch (ConversationRefusedException byTheTemplateItself) {
            // loaded
        }
    }

    private void generate(String directory) {
        try (LanguageModel mutant = LanguageModel.open(Path.of(files.path(directory)))) {
            use(mutant, null);
        }
    }

    private void adapt(String directory) {
        try (LanguageModel base = LanguageModel.open(Path.of(files.path("qwen2")));
                LanguageAdapter mutant = base.adapter(Path.of(files.path(directory)))) {
            use(base, mutant);
        }
    }

    private static void use(LanguageModel model, @Nullable LanguageAdapter adapter) {
        for (String text : TEXTS) {
            model.detokenize(model.tokenize(text));
        }
        try {
            model.generate(GenerationRequest.of(TEXTS.get(1)).withMaxTokens(4).withAdapter(adapter));
            model.score(ScoreRequest.of(TEXTS.get(2)).withAdapter(adapter));
        } catch (IllegalArgumentException tooLongForTheMutant) {
            if (tooLongForTheMutant.getMessage() == null) {
                throw new IllegalStateException("refused without a reason", tooLongForTheMutant);
            }
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
