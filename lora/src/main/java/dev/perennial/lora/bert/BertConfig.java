package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The shape of a BERT encoder (Devlin et al., arXiv:1810.04805) or of a RoBERTa one (Liu et al., arXiv:1907.11692), by the
 * keys of its config.json.
 *
 * @param width hidden_size, D
 * @param feedForward intermediate_size, F
 * @param maxPositions tokens of the longest text
 * @param firstPosition rows of the position table that no token uses: max_position_embeddings is these and maxPositions.
 *     None in BERT; in RoBERTa pad_token_id + 1
 */
public record BertConfig(
        int width,
        int layers,
        int heads,
        int feedForward,
        int vocabulary,
        int maxPositions,
        int firstPosition,
        int tokenTypes,
        double layerNormEpsilon) {
    /** Beyond any encoder there is: a guard against sizes that a broken or hostile file makes up. */
    private static final int MAX_SIZE = 1 << 22;

    public BertConfig {
        if (width % heads != 0) {
            throw new ModelFormatException(
                    "hidden_size %d is not a multiple of num_attention_heads %d".formatted(width, heads));
        }
    }

    static BertConfig of(JsonNode json, Path source) {
        requireOneOf(json, "model_type", List.of("bert", "roberta"), source);
        requireOneOf(json, "hidden_act", List.of("gelu"), source);
        requireOneOf(json, "position_embedding_type", List.of("absolute"), source);
        int firstPosition = firstPosition(json, source);
        return new BertConfig(
                size(json, "hidden_size", source),
                size(json, "num_hidden_layers", source),
                size(json, "num_attention_heads", source),
                size(json, "intermediate_size", source),
                size(json, "vocab_size", source),
                size(json, "max_position_embeddings", source) - firstPosition,
                firstPosition,
                size(json, "type_vocab_size", source),
                epsilon(json, source));
    }

    private static void requireOneOf(JsonNode json, String key, List<String> supported, Path source) {
        String found = json.path(key).asString(supported.getFirst());
        if (!supported.contains(found)) {
            throw new ModelFormatException("%s: %s is '%s', only '%s' is supported"
                    .formatted(source, key, found, String.join("' or '", supported)));
        }
    }

    private static int firstPosition(JsonNode json, Path source) {
        if (!json.path("model_type").asString("").equals("roberta")) {
            return 0;
        }
        int padding = json.path("pad_token_id").asInt(json.has("pad_token_id") ? -1 : 1);
        int rows = size(json, "max_position_embeddings", source);
        if (padding < 0 || padding > rows - 2) {
            throw new ModelFormatException(
                    source + ": pad_token_id must be a number that leaves positions, 0 to " + (rows - 2));
        }
        return padding + 1;
    }

    private static double epsilon(JsonNode json, Path source) {
        JsonNode value = json.path("layer_norm_eps");
        double epsilon = value.isMissingNode() ? 1e-12 : value.asDouble(Double.NaN);
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new ModelFormatException(source + ": layer_norm_eps must be above 0 and below 1");
        }
        return epsilon;
    }

    private static int size(JsonNode json, String key, Path source) {
        JsonNode value = json.path(key);
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > MAX_SIZE) {
            throw new ModelFormatException("%s: %s must be a number from 1 to %d".formatted(source, key, MAX_SIZE));
        }
        return value.intValue();
    }
}
