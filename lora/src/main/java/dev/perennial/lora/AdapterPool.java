package dev.perennial.lora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Adapters of one language model, or classifiers over one encoder, by their names: loaded when they are asked for and
 * unloaded, the least recently used first, when others need the room. One that is in use is never unloaded: when its name
 * is given to another directory or taken away, requests that have it finish on it. Safe for many threads.
 *
 * <pre>{@code
 * AdapterPool<LanguageAdapter> pool = AdapterPool.of(model, budgetBytes);
 * pool.put("support", directory);
 * try (LanguageAdapter support = pool.use("support")) {
 *     model.generate(request.withAdapter(support));
 * }
 * }</pre>
 */
public final class AdapterPool<T extends PooledAdapter<T>> implements AutoCloseable {
    private final long budget;
    private final BiFunction<String, Path, Weights<T>> read;
    private final Map<String, Entry<T>> entries = new LinkedHashMap<>(16, 0.75f, true); // least recently used first
    private final List<T> leaving = new ArrayList<>(); // lost their name, in memory while in use
    private boolean closed;
    private long hits;
    private long loads;
    private long evictions;

    /** A name with one directory; another directory is another entry. Its adapter is guarded by the pool. */
    private static final class Entry<T> {
        final Path directory;

        @Nullable
        T adapter;

        Entry(Path directory) {
            this.directory = directory;
        }
    }

    /** Read and checked, on the heap. */
    private record Weights<T>(long bytes, Supplier<T> load) {}

    /**
     * What a pool has done so far, and what it holds.
     *
     * @param loadedBytes native memory of all adapters in memory, those too that lost their name and are still in use
     * @param loaded how many these are
     * @param hits uses that found their adapter in memory
     * @param loads uses that had to read it
     * @param evictions adapters that were unloaded to make room
     */
    public record Counters(long budgetBytes, long loadedBytes, int loaded, long hits, long loads, long evictions) {}

    private AdapterPool(long budgetBytes, BiFunction<String, Path, Weights<T>> read) {
        if (budgetBytes < 1) {
            throw new IllegalArgumentException("the budget must be at least 1 byte, not " + budgetBytes);
        }
        this.budget = budgetBytes;
        this.read = read;
    }

    /**
     * For requests to a language model.
     *
     * @param budgetBytes what the weights of all loaded adapters may take together, 4 bytes a number
     */
    public static AdapterPool<LanguageAdapter> of(LanguageModel model, long budgetBytes) {
        return new AdapterPool<>(budgetBytes, (name, directory) -> {
            Trained weights = model.adapterWeights(directory);
            return new Weights<>(weights.bytes(), () -> model.adapter(name, weights));
        });
    }

    /**
     * For texts to classify.
     *
     * @param budgetBytes what the weights of all loaded classifiers, heads included, may take together, 4 bytes a number
     */
    public static AdapterPool<TextClassifier> of(TextEncoder encoder, long budgetBytes) {
        return new AdapterPool<>(budgetBytes, (_, directory) -> {
            ClassifierWeights weights = ClassifierDirectory.read(directory, encoder);
            return new Weights<>(weights.trained().bytes(), () -> TextClassifier.of(encoder, weights));
        });
    }

    /**
     * Names a directory, or gives a name to another one: who has the old adapter finishes on it, the next to ask gets the
     * new one, and the old directory may be deleted. The directory is read and checked here, and read again whenever it is
     * asked for and not in memory; it must not change meanwhile.
     *
     * @throws ModelFormatException if it is no adapter for the base; the name then stays as it was
     * @throws IllegalArgumentException if it is larger than the budget; the name then stays as it was
     */
    public void put(String name, Path directory) {
        requireFits(name, read.apply(name, directory).bytes());
        synchronized (this) {
            requireOpen();
            retire(entries.put(name, new Entry<>(directory)));
        }
    }

    /** Takes a name away; who has the adapter finishes on it. An unknown name is no error. */
    public synchronized void remove(String name) {
        retire(entries.remove(name));
    }

    /**
     * The adapter of a name, read if it is not in memory. Threads that ask for one that is being read wait for it; others
     * do not.
     *
     * @return a handle of the caller's own: the adapter stays in memory until it is closed
     * @throws IllegalArgumentException if nothing has this name
     * @throws AdaptersInUseException if those in use leave no room for it
     */
    public T use(String name) {
        while (true) {
            Entry<T> entry = entry(name);
            synchronized (entry) { // never taken by who has the pool's lock
                T handle = found(entry);
                if (handle == null) {
                    handle = load(name, entry);
                }
                if (handle != null) {
                    return handle;
                }
            }
        }
    }

    private synchronized Entry<T> entry(String name) {
        requireOpen();
        Entry<T> entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "no adapter is called '%s'; the pool has %s".formatted(name, entries.keySet()));
        }
        return entry;
    }

    /** Null if it is not in memory. */
    private synchronized @Nullable T found(Entry<T> entry) {
        if (entry.adapter == null) {
            return null;
        }
        hits++;
        return entry.adapter.share();
    }

    /** Null if the name has another directory by now. */
    private @Nullable T load(String name, Entry<T> entry) {
        Weights<T> weights;
        try {
            weights = read.apply(name, entry.directory);
        } catch (RuntimeException e) {
            if (named(name, entry)) {
                throw e;
            }
            return null; // the old directory may be gone already
        }
        synchronized (this) {
            if (!named(name, entry)) {
                return null;
            }
            requireFits(name, weights.bytes());
            makeRoom(name, weights.bytes());
            T adapter = weights.load().get();
            loads++;
            entry.adapter = adapter;
            return adapter.share();
        }
    }

    private synchronized boolean named(String name, Entry<T> entry) {
        return entries.get(name) == entry;
    }

    private void requireFits(String name, long bytes) {
        if (bytes > budget) {
            throw new IllegalArgumentException(
                    "the adapter %s takes %d bytes, the budget of all is %d: raise it or train with a lower rank"
                            .formatted(name, bytes, budget));
        }
    }

    /** Unloads what is not in use, or nothing if that is not enough. */
    private void makeRoom(String name, long bytes) {
        long excess = bytes(inMemory()) + bytes - budget;
        long left = budget - bytes(inMemory().filter(PooledAdapter::inUse));
        if (bytes > left) {
            throw new AdaptersInUseException(
                    "the adapter %s takes %d bytes, and those in use leave %d of %d: ask again when a request has ended, or raise the budget"
                            .formatted(name, bytes, left, budget));
        }
        for (Entry<T> entry : entries.values()) {
            if (excess <= 0) {
                return;
            }
            if (entry.adapter != null && !entry.adapter.inUse()) {
                excess -= entry.adapter.bytes();
                retire(entry);
                evictions++;
            }
        }
    }

    private Stream<T> inMemory() {
        leaving.removeIf(adapter -> !adapter.inUse());
        return Stream.concat(
                leaving.stream(), entries.values().stream().flatMap(entry -> Stream.ofNullable(entry.adapter)));
    }

    private static long bytes(Stream<? extends PooledAdapter<?>> adapters) {
        return adapters.mapToLong(PooledAdapter::bytes).sum();
    }

    private void retire(@Nullable Entry<T> entry) {
        if (entry != null && entry.adapter != null) {
            entry.adapter.close();
            leaving.add(entry.adapter);
            entry.adapter = null;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the adapter pool is closed");
        }
    }

    public synchronized Counters counters() {
        return new Counters(budget, bytes(inMemory()), (int) inMemory().count(), hits, loads, evictions);
    }

    /** Unloads all; those in use when their last use ends. */
    @Override
    public synchronized void close() {
        closed = true;
        entries.values().forEach(this::retire);
        entries.clear();
    }
}
