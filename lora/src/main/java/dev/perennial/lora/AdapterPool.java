package dev.perennial.lora;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Adapters of one language model by their names, loaded when they are asked for and unloaded, the least recently used
 * first, when others need the room. One that is in use is never unloaded: when its name is given to another directory or
 * taken away, requests that have it finish on it. Safe for many threads.
 *
 * <pre>{@code
 * pool.put("support", directory);
 * try (LanguageAdapter support = pool.use("support")) {
 *     model.generate(request.withAdapter(support));
 * }
 * }</pre>
 */
public final class AdapterPool implements AutoCloseable {
    private final LanguageModel model;
    private final long budget;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true); // least recently used first
    private boolean closed;
    private final AtomicLong loadedBytes = new AtomicLong();
    private final AtomicInteger loaded = new AtomicInteger();
    private long hits;
    private long loads;
    private long evictions;

    /** A name with one directory; another directory is another entry. Its adapter is guarded by the pool. */
    private static final class Entry {
        final Path directory;

        @Nullable
        LanguageAdapter adapter;

        Entry(Path directory) {
            this.directory = directory;
        }
    }

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

    /** @param budgetBytes what the weights of all loaded adapters may take together, 4 bytes a number */
    public AdapterPool(LanguageModel model, long budgetBytes) {
        if (budgetBytes < 1) {
            throw new IllegalArgumentException("the budget must be at least 1 byte, not " + budgetBytes);
        }
        this.model = model;
        this.budget = budgetBytes;
    }

    /**
     * Names a directory, or gives a name to another one: who has the old adapter finishes on it, the next to ask gets the
     * new one. The directory is read and checked here, and read again when it is first asked for; it must not change.
     *
     * @throws ModelFormatException if it is no adapter for the model; the name then stays as it was
     * @throws IllegalArgumentException if it is larger than the budget; the name then stays as it was
     */
    public void put(String name, Path directory) {
        requireFits(name, LanguageAdapter.bytes(model.adapterWeights(directory)));
        synchronized (this) {
            requireOpen();
            retire(entries.put(name, new Entry(directory)));
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
    public LanguageAdapter use(String name) {
        while (true) {
            Entry entry;
            synchronized (this) {
                entry = entry(name);
                if (entry.adapter != null) {
                    hits++;
                    return entry.adapter.share();
                }
            }
            LanguageAdapter handle = load(name, entry);
            if (handle != null) {
                return handle;
            }
        }
    }

    /** Null if the name has another directory by now. */
    private @Nullable LanguageAdapter load(String name, Entry entry) {
        synchronized (entry) { // never taken by who has the pool's lock
            synchronized (this) {
                if (entry.adapter != null) { // another thread has read it meanwhile
                    hits++;
                    return entry.adapter.share();
                }
            }
            Trained weights = model.adapterWeights(entry.directory);
            synchronized (this) {
                return entries.get(name) == entry ? loaded(name, entry, weights) : null;
            }
        }
    }

    private LanguageAdapter loaded(String name, Entry entry, Trained weights) {
        long bytes = LanguageAdapter.bytes(weights);
        requireFits(name, bytes);
        makeRoom(name, bytes);
        LanguageAdapter adapter = model.adapter(name, weights, () -> {
            loadedBytes.addAndGet(-bytes);
            loaded.decrementAndGet();
        });
        loadedBytes.addAndGet(bytes);
        loaded.incrementAndGet();
        loads++;
        entry.adapter = adapter;
        return adapter.share();
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
        long idle = 0;
        for (Entry entry : entries.values()) {
            idle += entry.adapter != null && !entry.adapter.inUse() ? entry.adapter.bytes() : 0;
        }
        if (loadedBytes.get() - idle + bytes > budget) {
            throw new AdaptersInUseException(
                    "the adapter %s takes %d bytes, and those in use leave %d of %d: ask again when a request has ended, or raise the budget"
                            .formatted(name, bytes, budget - loadedBytes.get() + idle, budget));
        }
        for (Entry entry : entries.values()) {
            if (loadedBytes.get() + bytes <= budget) {
                return;
            }
            if (entry.adapter != null && !entry.adapter.inUse()) {
                retire(entry);
                evictions++;
            }
        }
    }

    private Entry entry(String name) {
        requireOpen();
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "no adapter is called '%s'; the pool has %s".formatted(name, entries.keySet()));
        }
        return entry;
    }

    private static void retire(@Nullable Entry entry) {
        if (entry != null && entry.adapter != null) {
            entry.adapter.close();
            entry.adapter = null;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the adapter pool is closed");
        }
    }

    public synchronized Counters counters() {
        return new Counters(budget, loadedBytes.get(), loaded.get(), hits, loads, evictions);
    }

    /** Unloads all; those in use when their last use ends. */
    @Override
    public synchronized void close() {
        closed = true;
        entries.values().forEach(AdapterPool::retire);
        entries.clear();
    }
}
