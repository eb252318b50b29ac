package dev.perennial.lora.bert;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.Fingerprint;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.tensor.Torch;
import dev.perennial.lora.tokenizer.TokenizerFile;
import java.io.IOException;
import java.io.InputStream;

/** A sentence encoder with all that belongs to it; closing frees it. */
public record BertModel(
        String id,
        String sha256,
        Pooling pooling,
        BertWeights weights,
        HuggingFaceTokenizer tokenizer,
        PtNDManager memory)
        implements AutoCloseable {

    /** Where the tokenizer's JSON comes from. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    /** Loads a model; if that fails, nothing stays allocated. */
    static BertModel load(String id, BertConfig config, Pooling pooling, WeightSource source, Content tokenizer) {
        PtNDManager memory = Torch.memory();
        try {
            Fingerprint fingerprint = new Fingerprint(source);
            BertWeights weights = BertWeights.load(memory, config, fingerprint);
            return new BertModel(
                    id, fingerprint.sha256(), pooling, weights, tokenizer(id, tokenizer, config.vocabulary()), memory);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static HuggingFaceTokenizer tokenizer(String id, Content content, int vocabulary) {
        try (InputStream json = content.open()) {
            return TokenizerFile.open(json, vocabulary);
        } catch (IOException | RuntimeException e) {
            throw new ModelFormatException("the tokenizer.json of " + id + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
        memory.close();
    }
}
