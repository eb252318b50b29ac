package dev.perennial.scorer.candidate;

import dev.perennial.common.database.ServiceSchema;
import dev.perennial.scorer.duplicate.AcceptedTexts;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The accepted texts of each model, in memory, exactly as the database has them.
 *
 * <p>Whoever decides about a model's samples holds the lock on its row of {@code model_progress} until the commit, so
 * that decisions about one model happen one after another in the whole cluster, and first adds to its memory what others
 * accepted since. A lock of this process in front of it keeps the memory consistent with the outcome of the
 * transaction: when that does not commit, the memory is thrown away and read again.
 */
final class ModelIndexes {
    private final ServiceSchema schema;
    private final SampleStore samples;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<String, Index> indexes = new ConcurrentHashMap<>();

    ModelIndexes(ServiceSchema schema, SampleStore samples) {
        this.schema = schema;
        this.samples = samples;
    }

    /** The accepted texts of a model, while its lock is held. */
    static final class Index {
        private final AcceptedTexts texts;
        private long last;

        private Index(double near) {
            texts = new AcceptedTexts(near);
        }

        AcceptedTexts texts() {
            return texts;
        }

        /** The next place among the accepted samples. The caller adds the sample to {@link #texts()}. */
        long nextPlace() {
            return ++last;
        }

        private void add(SampleStore.Admitted admitted) {
            texts.add(admitted.contentHash(), admitted.signature(), admitted.isReal());
            last = admitted.place();
        }
    }

    /**
     * Does work that decides about samples of a model, in one transaction, while nobody else does.
     *
     * @param near similarity from which the model's texts are near duplicates
     */
    <T> T exclusively(String model, double near, Function<Index, T> work) {
        ReentrantLock lock = locks.computeIfAbsent(model, each -> new ReentrantLock());
        lock.lock();
        boolean committed = false;
        try {
            T result = schema.transactions().execute(status -> {
                long last = lockProgress(model);
                Index index = upToDate(model, near, last);
                T done = work.apply(index);
                if (index.last > last) {
                    advance(model, index.last);
                }
                return done;
            });
            committed = true;
            return Objects.requireNonNull(result);
        } finally {
            if (!committed) {
                indexes.remove(model);
            }
            lock.unlock();
        }
    }

    private long lockProgress(String model) {
        String select = "select last_admitted from scorer.model_progress where model = ? for update";
        return schema.jdbc()
                .sql(select)
                .param(model)
                .query(Long.class)
                .optional()
                .orElseGet(() -> {
                    schema.jdbc()
                            .sql("insert into scorer.model_progress (model) values (?) on conflict do nothing")
                            .param(model)
                            .update();
                    return schema.jdbc()
                            .sql(select)
                            .param(model)
                            .query(Long.class)
                            .single();
                });
    }

    private void advance(String model, long last) {
        schema.jdbc()
                .sql("update scorer.model_progress set last_admitted = ? where model = ?")
                .params(last, model)
                .update();
    }

    private Index upToDate(String model, double near, long last) {
        Index index = indexes.get(model);
        if (index == null || index.texts.threshold() != near || index.last > last) {
            index = new Index(near);
            indexes.put(model, index);
        }
        if (index.last < last) {
            samples.admittedAfter(model, index.last, index::add);
        }
        return index;
    }
}
