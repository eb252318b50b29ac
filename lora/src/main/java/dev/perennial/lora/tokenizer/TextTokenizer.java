package dev.perennial.lora.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokenizer of a language model: from texts to tokens and back, whole texts as well as token by token. Safe for many
 * threads; closing frees it.
 */
public final class TextTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer library;
    private final TokenBytes bytes;

    private TextTokenizer(HuggingFaceTokenizer library, TokenBytes bytes) {
        this.library = library;
        this.bytes = bytes;
    }

    /**
     * Opens a directory's tokenizer.json.
     *
     * @param vocabulary rows of the model's word embeddings: ids are below it
     * @throws ModelFormatException if it is broken, has a part that is not supported, or decodes as no language model's does
     */
    public static TextTokenizer open(Path directory, int vocabulary) {
        Path file = ConfigJson.checkedSize(directory.resolve("tokenizer.json"));
        try (InputStream json = Files.newInputStream(file)) {
            ObjectNode checked = TokenizerFile.checkedCopy(json, vocabulary);
            TokenBytes bytes = new TokenBytes(checked, vocabulary);
            return new TextTokenizer(TokenizerFile.library(checked), bytes);
        } catch (IOException | RuntimeException e) {
            throw new ModelFormatException(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Tokens of a text with the special ones that the tokenizer puts around it. A special token that the text itself
     * spells out is that token, as in transformers.
     */
    public long[] encode(String text) {
        return library.encode(text, true, false).getIds();
    }

    /** Without any put around it: for what a chat template wrote, and for what goes on a text. */
    public long[] encodeBare(String text) {
        return library.encode(text, false, false).getIds();
    }

    /** The text of all tokens, special ones left out; bytes that are no text are U+FFFD. */
    public String decode(long[] ids) {
        return library.decode(ids, true);
    }

    /**
     * What a token adds to the text of those before it, in UTF-8 and maybe only a part of a character; nothing if it is
     * special. All tokens' bytes one after another are {@link #decode}'s text, but for two things: a decoder of
     * SentencePiece drops a space at the beginning of a text, which is kept here; and where its fallback to bytes gives no
     * text, it counts U+FFFD by bytes, not by characters cut short.
     */
    public byte[] bytes(long id) {
        return bytes.of(id).clone();
    }

    @Override
    public void close() {
        library.close();
    }
}
