package dev.perennial.lora.decoder;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import java.util.List;

/**
 * The shape of a decoder, by the keys of its config.json; defaults as in transformers 5.18.0. Both spellings are
 * understood: {@code rope_parameters} of version 5, {@code rope_theta} and {@code rope_scaling} of version 4. The element
 * type ({@code dtype}, {@code torch_dtype}) is that of each tensor's own header.
 *
 * @param width hidden_size, D
 * @param heads num_attention_heads, H
 * @param keyValueHeads num_key_value_heads, K
 * @param headWidth head_dim, E; often D / H
 * @param feedForward intermediate_size, F
 * @param projectionBias whether the query, key and value projections have one
 * @param outputBias whether the attention's output projection has one
 * @param feedForwardBias whether the three projections of the feed-forward block have one
 * @param tiedHead whether the output uses the word embeddings again
 * @param endOfText the tokens that end a text; none if the file names none
 */
public record DecoderConfig(
        String family,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int feedForward,
        int vocabulary,
        int maxPositions,
        double normEpsilon,
        double ropeTheta,
        RopeScaling ropeScaling,
        boolean projectionBias,
        boolean outputBias,
        boolean feedForwardBias,
        boolean tiedHead,
        List<Long> endOfText) {
    private static final String LLAMA = "llama";
    private static final String QWEN2 = "qwen2";
    private static final int MAX_LAYERS = 1 << 12;

    public DecoderConfig {
        endOfText = List.copyOf(endOfText);
        if (heads % keyValueHeads != 0) {
            throw new ModelFormatException("num_attention_heads %d is not a multiple of num_key_value_heads %d"
                    .formatted(heads, keyValueHeads));
        }
        if (headWidth % 2 != 0) {
            throw new ModelFormatException("head_dim %d is odd; it is rotated in pairs".formatted(headWidth));
        }
        if ((long) heads * headWidth > ConfigJson.MAX_SIZE) {
            throw new ModelFormatException("%d heads of width %d are beyond any model".formatted(heads, headWidth));
        }
    }

    /**
     * Reads a config.json.
     *
     * @throws ModelFormatException if it describes another model than is supported
     */
    public static DecoderConfig of(ConfigJson json) {
        String family = json.textOr("model_type", "");
        if (!family.equals(LLAMA) && !family.equals(QWEN2)) {
            throw json.refusal("model_type", "is '%s', supported are 'llama' and 'qwen2'".formatted(family));
        }
        json.oneOf("hidden_act", "silu");
        int layers = json.size("num_hidden_layers", MAX_LAYERS);
        int maxPositions = json.size("max_position_embeddings", Integer.MAX_VALUE);
        boolean llama = family.equals(LLAMA);
        if (!llama) {
            requireFullAttention(json, layers, maxPositions);
        }
        boolean old = !json.object("rope_scaling").json().isEmpty();
        ConfigJson rope = json.object(old ? "rope_scaling" : "rope_parameters");
        int heads = json.size("num_attention_heads");
        return new DecoderConfig(
                family,
                json.size("hidden_size"),
                layers,
                heads,
                json.sizeOr("num_key_value_heads", heads),
                headWidth(json, heads),
                json.size("intermediate_size"),
                json.size("vocab_size"),
                maxPositions,
                json.positiveOr("rms_norm_eps", 1e-6),
                rope.positiveOr("rope_theta", json.positiveOr("rope_theta", 10_000)),
                RopeScaling.of(rope, maxPositions),
                llama ? json.flag("attention_bias") : true,
                llama && json.flag("attention_bias"),
                llama && json.flag("mlp_bias"),
                json.flag("tie_word_embeddings"),
                json.numbers("eos_token_id"));
    }

    private static int headWidth(ConfigJson json, int heads) {
        if (json.has("head_dim")) {
            return json.size("head_dim");
        }
        if (json.size("hidden_size") % heads != 0) {
            throw json.refusal("hidden_size", "must be a multiple of num_attention_heads, or head_dim be given");
        }
        return json.size("hidden_size") / heads;
    }

    /** A window as long as the longest text hides nothing; a shorter one in any layer would give other results. */
    private static void requireFullAttention(ConfigJson json, int layers, int maxPositions) {
        if (!json.flag("use_sliding_window")
                || !json.has("sliding_window")
                || json.size("sliding_window", Integer.MAX_VALUE) >= maxPositions) {
            return;
        }
        boolean sliding = json.has("layer_types")
                ? json.texts("layer_types").contains("sliding_attention")
                : json.sizeOrZero("max_window_layers", 28) < layers;
        if (sliding) {
            throw json.refusal("use_sliding_window", "is true; attention within a sliding window is not supported");
        }
    }
}
