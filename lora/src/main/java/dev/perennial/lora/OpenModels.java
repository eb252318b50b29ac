package dev.perennial.lora;

import dev.perennial.lora.bert.BertModel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The models that are open in this process: each is in memory once, however many opened it. */
final class OpenModels {
    private static final Map<Object, Shared> OPEN = new HashMap<>();

    private OpenModels() {}

    private static final class Shared {
        final BertModel model;
        int users;

        Shared(BertModel model) {
            this.model = model;
        }
    }

    /**
     * Takes a share of an open model, or loads it; each call is to be answered by one {@link #close}.
     *
     * @param key equal only for what loads to the same model
     */
    static synchronized BertModel open(Object key, Supplier<BertModel> load) {
        Shared shared = OPEN.get(key);
        if (shared == null) {
            shared = new Shared(load.get());
            OPEN.put(key, shared);
        }
        shared.users++;
        return shared.model;
    }

    /** Gives a share back; the last one frees the model. */
    static synchronized void close(Object key) {
        Shared shared = OPEN.get(key);
        if (shared != null && --shared.users == 0) {
            OPEN.remove(key);
            shared.model.close();
        }
    }
}
