package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A BERT or RoBERTa model in Hugging Face layout: config.json, tokenizer.json, model.safetensors or its shards. The pooling is that
 * of a sentence-transformers {@code 1_Pooling/config.json} beside them, else the mean.
 */
public final class BertDirectory {
    /** Far above any JSON file of a model; a vocabulary of 250,000 words takes some 20 MB. */
    private static final long MAX_JSON_BYTES = 64L << 20;

    private BertDirectory() {}

    public static BertModel load(Path directory) {
        BertConfig config = BertConfig.of(json(directory.resolve("config.json")), directory.resolve("config.json"));
        Path tokenizer = checkedSize(directory.resolve("tokenizer.json"));
        String id = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        try (ShardedWeights weights = ShardedWeights.open(directory)) {
            return BertModel.load(id, config, pooling(directory), weights, () -> Files.newInputStream(tokenizer));
        }
    }

    private static Pooling pooling(Path directory) {
        Path file = directory.resolve("1_Pooling").resolve("config.json");
        if (!Files.exists(file)) {
            return Pooling.MEAN;
        }
        JsonNode json = json(file);
        if (json.path("pooling_mode_cls_token").asBoolean(false)) {
            return Pooling.CLS;
        }
        if (json.path("pooling_mode_mean_tokens").asBoolean(false)) {
            return Pooling.MEAN;
        }
        throw new ModelFormatException(file + " asks for neither CLS nor mean pooling; only these two are supported");
    }

    static JsonNode json(Path file) {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(checkedSize(file)));
        } catch (IOException | JacksonException e) {
            throw new ModelFormatException(file + " is no readable JSON: " + e.getMessage(), e);
        }
    }

    private static Path checkedSize(Path file) {
        try {
            if (Files.size(file) > MAX_JSON_BYTES) {
                throw new ModelFormatException(file + " is larger than " + MAX_JSON_BYTES + " bytes");
            }
            return file;
        } catch (IOException e) {
            throw new ModelFormatException(file + " is missing; a Hugging Face BERT directory has one", e);
        }
    }
}
