package dev.perennial.lora.fuzz;

import com.sun.management.ThreadMXBean;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.TextClassifier;
import dev.perennial.lora.TextEncoder;
import dev.perennial.lora.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
            originals.put(subject, files.read(subject.directory).get(subject.file));
            if (!open(subject)) {
                throw new IllegalStateException(subject + " does not load before any mutation");
            }
        }
        this.encoder = TextEncoder.open(files.path("model"));
    }

    byte[] mutant(Subject subject, long seed) {
        byte[] original = originals.get(subject);
        Mutation mutation = new Mutation(31 * seed + subject.name().hashCode());
        return subject.file.endsWith(".safetensors") ? mutation.ofSafetensors(original) : mutation.ofJson(original);
    }

    /** Whether the mutant loads. */
    boolean run(Subject subject, long seed) throws IOException {
        Path file = Path.of(files.path(subject.directory)).resolve(subject.file);
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
                case BARE_SAFETENSORS ->
                    readAll(Path.of(files.path(subject.directory)).resolve(subject.file));
                case ADAPTER_CONFIG, ADAPTER_WEIGHTS, HEAD_CONFIG, HEAD_WEIGHTS -> classify(subject.directory);
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

    @Override
    public void close() {
        encoder.close();
    }
}
