package dev.perennial.lora.bert;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.Digest;
import dev.perennial.lora.model.Fingerprint;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.tensor.Torch;
import dev.perennial.lora.tokenizer.TokenizerFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A sentence encoder with all that belongs to it; closing frees it.
 *
 * @param sha256 fingerprint of the weights
 * @param tokenizerSha256 of the file
 */
public record BertModel(
        String id,
        String sha256,
        Pooling pooling,
        BertWeights weights,
        HuggingFaceTokenizer tokenizer,
        String tokenizerSha256,
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
            byte[] json = bytes(id, tokenizer);
            return new BertModel(
                    id,
                    fingerprint.sha256(),
                    pooling,
                    weights,
                    tokenizer(id, json, config.vocabulary()),
                    new Digest().add(ByteBuffer.wrap(json)).hex(),
                    memory);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static byte[] bytes(String id, Content content) {
        try (InputStream json = content.open()) {
            return json.readNBytes(TokenizerFile.MAX_BYTES + 1); // with which it is refused
        } catch (IOException e) {
            throw unusable(id, e);
        }
    }

    private static HuggingFaceTokenizer tokenizer(String id, byte[] json, int vocabulary) {
        try {
            return TokenizerFile.open(new ByteArrayInputStream(json), vocabulary);
        } catch (RuntimeException e) {
            throw unusable(id, e);
        }
    }

    private static ModelFormatException unusable(String id, Exception e) {
        return new ModelFormatException("the tokenizer.json of " + id + " cannot be used: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        tokenizer.close();
        memory.close();
    }
}
