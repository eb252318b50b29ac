package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;

/**
 * The shape of a BERT encoder (Devlin et al., arXiv:1810.04805), by the keys of its config.json.
 *
 * @param width hidden_size, D
 * @param feedForward intermediate_size, F
 */
public record BertConfig(
        int width,
        int layers,
        int heads,
        int feedForward,
        int vocabulary,
        int maxPositions,
        int tokenTypes,
        double layerNormEpsilon) {
    public BertConfig {
        if (width % heads != 0) {
            throw new ModelFormatException(
                    "hidden_size %d is not a multiple of num_attention_heads %d".formatted(width, heads));
        }
    }

    static BertConfig of(ConfigJson json) {
        json.requireEqual("model_type", "bert");
        json.requireEqual("hidden_act", "gelu");
        json.requireEqual("position_embedding_type", "absolute");
        return new BertConfig(
                json.size("hidden_size"),
                json.size("num_hidden_layers"),
                json.size("num_attention_heads"),
                json.size("intermediate_size"),
                json.size("vocab_size"),
                json.size("max_position_embeddings"),
                json.size("type_vocab_size"),
                json.positiveOr("layer_norm_eps", 1e-12));
    }
}
