package dev.perennial.registry.serving;

import java.nio.file.Path;
import java.util.List;

/** Holds adapters ready and answers with them. Thread-safe. */
public interface ServingBackend extends AutoCloseable {
    /**
     * Makes an adapter ready: when this returns, the first answer is not slower than the next.
     *
     * @param baseModel as in the model's spec
     * @param adapter PEFT directory; it stays as it is while the result is open
     * @throws AdapterRefusedException when it is no adapter for that base; nothing stays allocated
     */
    Served load(String baseModel, Path adapter);

    @Override
    void close();

    /** An adapter that is ready. Thread-safe until closed; nobody closes it while an answer is under way. */
    interface Served extends AutoCloseable {
        List<String> labels();

        /** One answer a text, in their order. */
        List<Answer> answer(List<String> texts);

        @Override
        void close();
    }
}
