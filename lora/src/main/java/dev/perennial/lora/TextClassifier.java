package dev.perennial.lora;

import java.nio.file.Path;
import java.util.List;

/** An immutable fine-tuned classifier, adapter and head, over a shared encoder. Safe for many threads. */
@SuppressWarnings("DoNotCallSuggester") // the bodies follow
public final class TextClassifier implements AutoCloseable {
    private TextClassifier() {}

    public List<String> labels() {
        throw new UnsupportedOperationException();
    }

    /** In the order of the texts. */
    public List<Classification> classify(List<String> texts) {
        throw new UnsupportedOperationException();
    }

    public Classification classify(String text) {
        return classify(List.of(text)).getFirst();
    }

    /**
     * Writes a PEFT directory; the same classifier always gives the same bytes.
     *
     * @return the directory
     */
    public Path save(Path directory) {
        throw new UnsupportedOperationException();
    }

    /** Frees adapter and head; the encoder stays. */
    @Override
    public void close() {}
}
