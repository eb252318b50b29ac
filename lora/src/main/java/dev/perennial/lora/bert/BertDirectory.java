package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.model.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A BERT or RoBERTa model in Hugging Face layout: config.json, tokenizer.json, model.safetensors or its shards. The pooling is that
 * of a sentence-transformers {@code 1_Pooling/config.json} beside them, else the mean.
 */
public final class BertDirectory {
    private BertDirectory() {}

    public static BertModel load(Path directory) {
        return load(directory, UnaryOperator.identity());
    }

    /**
     * The same with other weights.
     *
     * @param change from the directory's weights to those that are loaded
     */
    public static BertModel load(Path directory, UnaryOperator<WeightSource> change) {
        BertConfig config = BertConfig.of(ConfigJson.read(directory.resolve("config.json")));
        Path tokenizer = ConfigJson.checkedSize(directory.resolve("tokenizer.json"));
        String id = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        try (ShardedWeights weights = ShardedWeights.open(directory, BertDirectory::spellings)) {
            return BertModel.load(
                    id, config, pooling(directory), change.apply(weights), () -> Files.newInputStream(tokenizer));
        }
    }

    private static Pooling pooling(Path directory) {
        Path file = directory.resolve("1_Pooling").resolve("config.json");
        if (!Files.exists(file)) {
            return Pooling.MEAN;
        }
        JsonNode json = ConfigJson.read(file).json();
        if (json.path("pooling_mode_cls_token").asBoolean(false)) {
            return Pooling.CLS;
        }
        if (json.path("pooling_mode_mean_tokens").asBoolean(false)) {
            return Pooling.MEAN;
        }
        throw new ModelFormatException(file + " asks for neither CLS nor mean pooling; only these two are supported");
    }

    /** With and without the prefixes {@code bert.} and {@code roberta.}; layer norms also by the {@code gamma} and {@code beta} of old files. */
    public static List<String> spellings(String name) {
        String old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        return Stream.of("", "bert.", "roberta.")
                .flatMap(prefix -> Stream.of(prefix + name, prefix + old))
                .toList();
    }
}
