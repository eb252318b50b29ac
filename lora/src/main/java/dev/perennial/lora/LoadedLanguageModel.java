package dev.perennial.lora;

import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.tokenizer.TextTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all who open the same directory share.
 *
 * @param stopTokens those that end a text, in the order in which the model lists them
 */
record LoadedLanguageModel(DecoderModel model, TextTokenizer tokenizer, List<Long> stopTokens)
        implements AutoCloseable {

    /** If it fails, nothing stays allocated. */
    static LoadedLanguageModel load(Path directory, BasePrecision precision) {
        DecoderModel model = DecoderModel.open(directory, precision);
        try {
            TextTokenizer tokenizer =
                    TextTokenizer.open(directory, model.config().vocabulary());
            return new LoadedLanguageModel(model, tokenizer, stopTokens(directory, model));
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** As in transformers: generation_config.json says it, and config.json where that file or its word is missing. */
    private static List<Long> stopTokens(Path directory, DecoderModel model) {
        Path file = directory.resolve("generation_config.json");
        List<Long> tokens = Files.exists(file) ? ConfigJson.read(file).numbers("eos_token_id") : List.of();
        return (tokens.isEmpty() ? model.config().endOfText() : tokens)
                .stream().distinct().toList();
    }

    /** Tokens of the longest text behind an adapter's prefix. */
    int room(@Nullable LanguageAdapter adapter) {
        return model.weights().textTokens(LanguageAdapter.layers(adapter).prefixTokens());
    }

    @Override
    public void close() {
        tokenizer.close();
        model.close();
    }
}
