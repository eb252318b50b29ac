package dev.perennial.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterPoolTest {
    private static final GoldenLanguage GOLDEN = GoldenLanguage.of("qwen2");
    private static final Path A = GoldenLanguage.directory("qwen2").resolve("adapter-a");
    private static final Path B = GoldenLanguage.directory("qwen2").resolve("adapter-b");

    private final LanguageModel model = LanguageModel.open(GoldenLanguage.directory("qwen2"));
    private final int before = arrays();
    private final long a = bytes(A);
    private final long b = bytes(B);

    @TempDir
    Path directory;

    @AfterEach
    void everythingIsFreed() {
        assertThat(arrays()).isEqualTo(before);
        model.close();
        assertThat(model.model().memory().isOpen()).isFalse();
    }

    private int arrays() {
        return model.model().memory().getManagedArrays().size();
    }

    private long bytes(Path adapter) {
        return LanguageAdapter.bytes(model.adapterWeights(adapter));
    }

    /** What the first prompt but one goes on with. */
    private String said(AdapterPool pool, String name) {
        try (LanguageAdapter use = pool.use(name)) {
            return said(use);
        }
    }

    private String said(LanguageAdapter use) {
        return model.generate(GenerationRequest.of(GOLDEN.greedy().get(1).prompt())
                        .withMaxTokens(24)
                        .withAdapter(use))
                .text();
    }

    private static String expected(String adapter) {
        return GOLDEN.adapted().get(adapter).get(1).text();
    }

    @Test
    void adaptersAreLoadedWhenAskedForAndTheLeastRecentlyUsedGoesFirst() {
        try (AdapterPool pool = new AdapterPool(model, 2 * a + b)) {
            pool.put("one", A);
            pool.put("two", A);
            pool.put("wide", B);
            assertThat(pool.counters()).isEqualTo(new AdapterPool.Counters(2 * a + b, 0, 0, 0, 0, 0));
            assertThat(said(pool, "one")).isEqualTo(expected("adapter-a"));
            assertThat(said(pool, "wide")).isEqualTo(expected("adapter-b"));
            assertThat(said(pool, "two")).isEqualTo(expected("adapter-a"));
            assertThat(said(pool, "one")).isEqualTo(expected("adapter-a"));
            assertThat(pool.counters()).isEqualTo(new AdapterPool.Counters(2 * a + b, 2 * a + b, 3, 1, 3, 0));
            assertThat(arrays()).isGreaterThan(before);
            pool.put("more", A);
            pool.use("more").close(); // the wide one, which was used before the two others, makes room
            assertThat(pool.counters()).isEqualTo(new AdapterPool.Counters(2 * a + b, 3 * a, 3, 1, 4, 1));
            pool.use("one").close();
            pool.use("two").close();
            assertThat(pool.counters().hits()).isEqualTo(3);
        }
    }

    @Test
    void oneInUseIsNeverUnloaded() {
        try (AdapterPool pool = new AdapterPool(model, Math.max(a, b))) {
            pool.put("a", A);
            pool.put("b", B);
            try (LanguageAdapter use = pool.use("a")) {
                assertThatThrownBy(() -> pool.use("b"))
                        .isInstanceOf(AdaptersInUseException.class)
                        .hasMessageContaining("those in use leave " + (Math.max(a, b) - a) + " of " + Math.max(a, b));
                assertThat(pool.counters().evictions()).isZero();
                assertThat(said(use)).isEqualTo(expected("adapter-a"));
            }
            assertThat(said(pool, "b")).isEqualTo(expected("adapter-b"));
            assertThat(pool.counters().loadedBytes()).isEqualTo(b);
            assertThat(pool.counters().evictions()).isOne();
        }
    }

    @Test
    void anAdapterThatIsTooLargeOrBrokenIsRefusedAndTheNameStaysAsItWas() throws IOException {
        long small = Math.min(a, b);
        try (AdapterPool pool = new AdapterPool(model, small)) {
            pool.put("it", a < b ? A : B);
            assertThatThrownBy(() -> pool.put("it", a < b ? B : A))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("takes %d bytes, the budget of all is %d".formatted(Math.max(a, b), small));
            Files.writeString(directory.resolve("adapter_config.json"), "{}");
            assertThatThrownBy(() -> pool.put("it", directory)).isInstanceOf(ModelFormatException.class);
            assertThat(said(pool, "it")).isEqualTo(expected(a < b ? "adapter-a" : "adapter-b"));
            assertThatThrownBy(() -> pool.use("other"))
                    .hasMessageContaining("no adapter is called 'other'; the pool has [it]");
            assertThatThrownBy(() -> new AdapterPool(model, 0)).hasMessageContaining("at least 1 byte");
        }
    }

    @Test
    void whoHasAnAdapterFinishesOnItWhenItsNameIsGivenToAnother() {
        AdapterPool pool = new AdapterPool(model, a + b);
        pool.put("it", A);
        try (LanguageAdapter old = pool.use("it")) {
            pool.put("it", B);
            assertThat(said(pool, "it")).isEqualTo(expected("adapter-b"));
            assertThat(said(old)).isEqualTo(expected("adapter-a"));
            assertThat(pool.counters().loadedBytes()).isEqualTo(a + b); // the old one still counts
            pool.remove("it");
            assertThat(said(old)).isEqualTo(expected("adapter-a"));
            assertThat(pool.counters().loadedBytes()).isEqualTo(a);
            assertThatThrownBy(() -> pool.use("it")).isInstanceOf(IllegalArgumentException.class);
            pool.close();
            assertThat(said(old)).isEqualTo(expected("adapter-a"));
        }
        assertThat(pool.counters().loadedBytes()).isZero();
        assertThat(pool.counters().loaded()).isZero();
        assertThatThrownBy(() -> pool.use("it")).hasMessageContaining("closed");
    }

    @Test
    void threadsGenerateWhileAdaptersAreSwappedAndUnloaded() throws InterruptedException, ExecutionException {
        AtomicBoolean done = new AtomicBoolean();
        Set<String> answers = Set.of(expected("adapter-a"), expected("adapter-b"));
        try (AdapterPool pool = new AdapterPool(model, 3 * Math.max(a, b));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 5; i++) {
                pool.put("name" + i, i % 2 == 0 ? A : B);
            }
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                int first = thread;
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        assertThat(answers).contains(said(pool, "name" + (first + i) % 5));
                    }
                }));
            }
            Future<Integer> swapping = threads.submit(() -> swap(pool, done));
            try {
                for (Future<?> each : running) {
                    each.get();
                }
            } finally {
                done.set(true);
            }
            assertThat(swapping.get()).isGreaterThan(5);
            AdapterPool.Counters counters = pool.counters();
            assertThat(counters.loadedBytes()).isLessThanOrEqualTo(counters.budgetBytes());
            assertThat(counters.hits() + counters.loads()).isEqualTo(30);
        }
    }

    private static int swap(AdapterPool pool, AtomicBoolean done) {
        int swaps = 0;
        while (!done.get()) {
            pool.put("name" + swaps % 5, swaps % 3 == 0 ? A : B);
            swaps++;
        }
        return swaps;
    }
}
