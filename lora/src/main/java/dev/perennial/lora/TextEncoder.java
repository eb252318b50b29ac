package dev.perennial.lora;

import java.nio.file.Path;
import java.util.List;

/** A pretrained sentence encoder, held once in memory and shared by any number of adapters. Safe for many threads. */
@SuppressWarnings("DoNotCallSuggester") // the bodies follow
public final class TextEncoder implements AutoCloseable {
    private TextEncoder() {}

    /**
     * Loads {@code all-minilm-l6-v2} or {@code bge-small-zh-v1.5} from the class path, or a BERT directory in Hugging
     * Face layout (config.json, model.safetensors or its shards, tokenizer.json).
     *
     * @throws ModelFormatException if it is none of these or cannot be read
     */
    public static TextEncoder open(String baseModel) {
        throw new UnsupportedOperationException(baseModel);
    }

    /** The name it was opened by; of a directory, its last part. */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** Fingerprint of weights and tokenizer, in hexadecimal. */
    public String sha256() {
        throw new UnsupportedOperationException();
    }

    /** D. */
    public int width() {
        throw new UnsupportedOperationException();
    }

    public int layers() {
        throw new UnsupportedOperationException();
    }

    /** One pooled, L2-normalised vector of D floats a text, in the order of the texts. */
    public float[][] embed(List<String> texts) {
        throw new UnsupportedOperationException();
    }

    /**
     * Loads an adapter and its head onto this encoder.
     *
     * @throws ModelFormatException if the directory is no adapter for this encoder; nothing stays allocated
     */
    public TextClassifier classifier(Path peftDirectory) {
        throw new UnsupportedOperationException();
    }

    /** Frees the weights. Classifiers and sessions over this encoder must be closed before. */
    @Override
    public void close() {}
}
