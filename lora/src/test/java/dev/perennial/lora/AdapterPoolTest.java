package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.safetensors.SavedDirectory;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterPoolTest {
    @Nested
    class OfALanguageModel extends Contract<LanguageAdapter> {
        private static final GoldenLanguage GOLDEN = GoldenLanguage.of("qwen2");

        private final LanguageModel model = LanguageModel.open(GoldenLanguage.directory("qwen2"));

        OfALanguageModel() {
            super(adapter("adapter-a"), adapter("adapter-b"));
        }

        private static Path adapter(String name) {
            return GoldenLanguage.directory("qwen2").resolve(name);
        }

        @Override
        AdapterPool<LanguageAdapter> pool(long budget) {
            return AdapterPool.of(model, budget);
        }

        @Override
        LanguageAdapter load(Path adapter) {
            return model.adapter(adapter);
        }

        /** What the first prompt but one goes on with. */
        @Override
        String said(LanguageAdapter use) {
            return model.generate(GenerationRequest.of(GOLDEN.greedy().get(1).prompt())
                            .withMaxTokens(24)
                            .withAdapter(use))
                    .text();
        }

        @Override
        PtNDManager closed() {
            model.close();
            return model.model().memory();
        }

        @Test
        void theyAnswerAsTheReferenceDoes() {
            for (Path adapter : List.of(first, second)) {
                String name = adapter.getFileName().toString();
                assertThat(expected(adapter))
                        .isEqualTo(GOLDEN.adapted().get(name).get(1).text());
            }
        }
    }

    @Nested
    class OfAnEncoder extends Contract<TextClassifier> {
        private static final String TEXT = "my router is dead";

        private final TextEncoder encoder = Fixtures.tinyEncoder();

        OfAnEncoder(@TempDir Path saved) {
            super(saved.resolve("first"), saved.resolve("second"));
            save(first, 2, Fixtures.LABELS);
            save(second, 4, List.of("now", "later"));
        }

        private void save(Path directory, int rank, List<String> labels) {
            try (TextClassifier classifier =
                    TextClassifier.of(encoder, Fixtures.weights(encoder, Fixtures.allTargets(rank), labels))) {
                classifier.save(directory);
            }
        }

        @Override
        AdapterPool<TextClassifier> pool(long budget) {
            return AdapterPool.of(encoder, budget);
        }

        @Override
        TextClassifier load(Path adapter) {
            return encoder.classifier(adapter);
        }

        @Override
        String said(TextClassifier use) {
            return said(use.classify(TEXT));
        }

        private static String said(Classification answer) {
            return "%s %.4f".formatted(answer.label(), answer.confidence());
        }

        @Override
        PtNDManager closed() {
            encoder.close();
            return encoder.model().memory();
        }

        @Test
        void handlesOfManyAreAskedInOneBatch() {
            try (AdapterPool<TextClassifier> pool = pool(2 * (a + b))) {
                pool.put("a", first);
                pool.put("b", second);
                TextClassifier one = pool.use("a");
                try (one;
                        TextClassifier other = pool.use("b");
                        TextClassifier again = pool.use("a")) {
                    assertThat(again.original()).isSameAs(one.original());
                    pool.put("a", second);
                    assertThat(encoder.classify(Stream.of(one, other, again)
                                    .map(each -> new ClassifierRequest(TEXT, each))
                                    .toList()))
                            .extracting(OfAnEncoder::said)
                            .containsExactly(expected(first), expected(second), expected(first));
                    one.close();
                    assertThatThrownBy(() -> one.classify(TEXT)).hasMessageContaining("this handle");
                    assertThat(said(again)).isEqualTo(expected(first));
                }
            }
        }
    }

    /** What holds of both families. Two adapters of different sizes, which answer differently. */
    abstract static class Contract<T extends PooledAdapter<T>> {
        final Path first;
        final Path second;
        private final Map<Path, String> answers = new HashMap<>();
        private int before;
        long a;
        long b;

        @TempDir
        Path directory;

        Contract(Path first, Path second) {
            this.first = first;
            this.second = second;
        }

        abstract AdapterPool<T> pool(long budget);

        /** Without a pool. */
        abstract T load(Path adapter);

        abstract String said(T use);

        /** The memory of the base, which is closed. */
        abstract PtNDManager closed();

        @BeforeEach
        void eachIsAskedByItself() {
            a = ask(first);
            b = ask(second);
            before = arrays(); // the first use in a process compiles scripts, which stay
            assertThat(a).isNotEqualTo(b);
            assertThat(expected(first)).isNotEqualTo(expected(second));
        }

        private long ask(Path adapter) {
            try (T loaded = load(adapter)) {
                answers.put(adapter, said(loaded));
                return loaded.bytes();
            }
        }

        String expected(Path adapter) {
            return answers.get(adapter);
        }

        @AfterEach
        void everythingIsFreed() {
            assertThat(arrays()).isEqualTo(before);
            assertThat(closed().isOpen()).isFalse();
        }

        /** Of the process. */
        private static int arrays() {
            try (PtNDManager scope = Torch.memory()) {
                return scope.getParentManager().getManagedArrays().size();
            }
        }

        private String said(AdapterPool<T> pool, String name) {
            try (T use = pool.use(name)) {
                return said(use);
            }
        }

        @Test
        void adaptersAreLoadedWhenAskedForAndTheLeastRecentlyUsedGoesFirst() {
            try (AdapterPool<T> pool = pool(2 * a + b)) {
                pool.put("one", first);
                pool.put("two", first);
                pool.put("wide", second);
                assertThat(pool.counters()).isEqualTo(new AdapterPool.Counters(2 * a + b, 0, 0, 0, 0, 0));
                assertThat(said(pool, "one")).isEqualTo(expected(first));
                assertThat(said(pool, "wide")).isEqualTo(expected(second));
                assertThat(said(pool, "two")).isEqualTo(expected(first));
                assertThat(said(pool, "one")).isEqualTo(expected(first));
                assertThat(pool.counters()).isEqualTo(new AdapterPool.Counters(2 * a + b, 2 * a + b, 3, 1, 3, 0));
                assertThat(arrays()).isGreaterThan(before);
                pool.put("more", first);
                pool.use("more").close(); // the wide one, which was used before the two others, makes room
                assertThat(pool.counters()).isEqualTo(new AdapterPool.Counters(2 * a + b, 3 * a, 3, 1, 4, 1));
                pool.use("one").close();
                pool.use("two").close();
                assertThat(pool.counters().hits()).isEqualTo(3);
            }
        }

        @Test
        void oneInUseIsNeverUnloaded() {
            try (AdapterPool<T> pool = pool(Math.max(a, b))) {
                pool.put("a", first);
                pool.put("b", second);
                try (T use = pool.use("a")) {
                    assertThatThrownBy(() -> pool.use("b"))
                            .isInstanceOf(AdaptersInUseException.class)
                            .hasMessageContaining(
                                    "those in use leave " + (Math.max(a, b) - a) + " of " + Math.max(a, b));
                    assertThat(pool.counters().evictions()).isZero();
                    assertThat(said(use)).isEqualTo(expected(first));
                }
                assertThat(said(pool, "b")).isEqualTo(expected(second));
                assertThat(pool.counters().loadedBytes()).isEqualTo(b);
                assertThat(pool.counters().evictions()).isOne();
            }
        }

        @Test
        void anAdapterThatIsTooLargeOrBrokenIsRefusedAndTheNameStaysAsItWas() throws IOException {
            long small = Math.min(a, b);
            try (AdapterPool<T> pool = pool(small)) {
                pool.put("it", a < b ? first : second);
                assertThatThrownBy(() -> pool.put("it", a < b ? second : first))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(
                                "takes %d bytes, the budget of all is %d".formatted(Math.max(a, b), small));
                Files.writeString(directory.resolve("adapter_config.json"), "{}");
                assertThatThrownBy(() -> pool.put("it", directory)).isInstanceOf(ModelFormatException.class);
                assertThat(said(pool, "it")).isEqualTo(expected(a < b ? first : second));
                assertThatThrownBy(() -> pool.use("other"))
                        .hasMessageContaining("no adapter is called 'other'; the pool has [it]");
                assertThatThrownBy(() -> pool(0)).hasMessageContaining("at least 1 byte");
            }
        }

        @Test
        void whoHasAnAdapterFinishesOnItWhenItsNameIsGivenToAnother() {
            AdapterPool<T> pool = pool(a + b);
            pool.put("it", first);
            try (T old = pool.use("it")) {
                pool.put("it", second);
                assertThat(said(pool, "it")).isEqualTo(expected(second));
                assertThat(said(old)).isEqualTo(expected(first));
                assertThat(pool.counters().loadedBytes()).isEqualTo(a + b); // the old one still counts
                pool.remove("it");
                assertThat(said(old)).isEqualTo(expected(first));
                assertThat(pool.counters().loadedBytes()).isEqualTo(a);
                assertThatThrownBy(() -> pool.use("it")).isInstanceOf(IllegalArgumentException.class);
                pool.close();
                assertThat(said(old)).isEqualTo(expected(first));
            }
            assertThat(pool.counters().loadedBytes()).isZero();
            assertThat(pool.counters().loaded()).isZero();
            assertThatThrownBy(() -> pool.use("it")).hasMessageContaining("closed");
        }

        @Test
        void threadsUseThemWhileAdaptersAreSwappedAndUnloaded() throws InterruptedException, ExecutionException {
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger swaps = new AtomicInteger();
            AtomicInteger uses = new AtomicInteger();
            Set<String> answers = Set.of(expected(first), expected(second));
            try (AdapterPool<T> pool = pool(3 * Math.max(a, b));
                    ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 5; i++) {
                    pool.put("name" + i, i % 2 == 0 ? first : second);
                }
                List<Future<?>> running = new ArrayList<>();
                for (int thread = 0; thread < 3; thread++) {
                    int offset = thread;
                    running.add(threads.submit(() -> {
                        for (int i = 0; i < 10 || swaps.get() < 10; i++) {
                            assertThat(answers).contains(said(pool, "name" + (offset + i) % 5));
                            uses.incrementAndGet();
                        }
                    }));
                }
                Future<?> swapping = threads.submit(() -> swap(pool, swaps, done));
                try {
                    for (Future<?> each : running) {
                        each.get();
                    }
                } finally {
                    done.set(true);
                }
                swapping.get();
                AdapterPool.Counters counters = pool.counters();
                assertThat(counters.loadedBytes()).isLessThanOrEqualTo(counters.budgetBytes());
                assertThat(counters.hits() + counters.loads()).isEqualTo(uses.get());
            }
        }

        @Test
        void anOldDirectoryMayGoOnceItsNameHasAnother() throws Exception {
            try (AdapterPool<T> pool = pool(4 * Math.max(a, b));
                    ExecutorService threads = Executors.newFixedThreadPool(2)) {
                pool.put("it", first);
                AtomicBoolean done = new AtomicBoolean();
                List<Future<?>> using = new ArrayList<>();
                for (int thread = 0; thread < 2; thread++) {
                    using.add(threads.submit(() -> {
                        while (!done.get()) {
                            pool.use("it").close();
                        }
                    }));
                }
                try {
                    for (int i = 0; i < 100; i++) {
                        Path copy = directory.resolve("copy" + i);
                        copy(i % 2 == 0 ? second : first, copy);
                        pool.put("it", copy);
                        SavedDirectory.delete(directory.resolve("copy" + (i - 1)));
                    }
                } finally {
                    done.set(true);
                }
                for (Future<?> each : using) {
                    each.get();
                }
            }
        }

        private static void copy(Path from, Path to) throws IOException {
            Files.createDirectory(to);
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }

        private void swap(AdapterPool<T> pool, AtomicInteger swaps, AtomicBoolean done) {
            for (int i = 0; !done.get(); i++) {
                pool.put("name" + i % 5, i % 3 == 0 ? first : second);
                swaps.incrementAndGet();
            }
        }
    }
}
