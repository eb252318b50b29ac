package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;

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
    public BertConfig {
        if (width % heads != 0) {
            throw new ModelFormatException(
                    "hidden_size %d is not a multiple of num_attention_heads %d".formatted(width, heads));
        }
    }

    static BertConfig of(ConfigJson json) {
        String family = json.oneOf("model_type", "bert", "roberta");
        json.oneOf("hidden_act", "gelu");
        json.oneOf("position_embedding_type", "absolute");
        int firstPosition = family.equals("roberta") ? afterPadding(json) : 0;
        return new BertConfig(
                json.size("hidden_size"),
                json.size("num_hidden_layers"),
                json.size("num_attention_heads"),
                json.size("intermediate_size"),
                json.size("vocab_size"),
                json.size("max_position_embeddings") - firstPosition,
                firstPosition,
                json.size("type_vocab_size"),
                epsilon(json));
    }

    private static int afterPadding(ConfigJson json) {
        int rows = json.size("max_position_embeddings");
        int padding = json.sizeOrZero("pad_token_id", 1);
        if (padding > rows - 2) {
            throw json.refusal("pad_token_id", "must be a number that leaves positions, 0 to " + (rows - 2));
        }
        return padding + 1;
    }

    private static double epsilon(ConfigJson json) {
        double epsilon = json.positiveOr("layer_norm_eps", 1e-12);
        if (epsilon >= 1) {
            throw json.refusal("layer_norm_eps", "must be above 0 and below 1");
        }
        return epsilon;
    }
}
