package dev.perennial.lora.lifetime;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The models of a kind that are open in this process: each is in memory once, however many opened it. */
public final class OpenModels<M> {
    private final Map<Object, Shared<M>> open = new HashMap<>();
    private final Consumer<M> free;

    public OpenModels(Consumer<M> free) {
        this.free = free;
    }

    private static final class Shared<M> {
        final M model;
        int users;

        Shared(M model) {
            this.model = model;
        }
    }

    /**
     * Takes a share of an open model, or loads it; each call is to be answered by one {@link #close}.
     *
     * @param key equal only for what loads to the same model
     */
    public synchronized M open(Object key, Supplier<M> load) {
        Shared<M> shared = open.get(key);
        if (shared == null) {
            shared = new Shared<>(load.get());
            open.put(key, shared);
        }
        shared.users++;
        return shared.model;
    }

    /** Gives a share back; the last one frees the model. */
    public synchronized void close(Object key) {
        Shared<M> shared = open.get(key);
        if (shared != null && --shared.users == 0) {
            open.remove(key);
            free.accept(shared.model);
        }
    }
}
