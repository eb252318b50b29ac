package dev.perennial.lora.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.ConfigJson;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DecoderConfigTest {
    private static final String SIZES = """
            "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 8, "intermediate_size": 128,
            "vocab_size": 1000, "max_position_embeddings": 2048, "hidden_act": "silu"
            """;

    private static DecoderConfig llama(String more) {
        return config("llama", more);
    }

    private static DecoderConfig qwen2(String more) {
        return config("qwen2", more);
    }

    /** What {@code more} says replaces what the sizes say. */
    private static DecoderConfig config(String family, String more) {
        ObjectNode json = (ObjectNode) JsonMapper.shared().readTree("{" + SIZES + "}");
        json.put("model_type", family);
        json.setAll((ObjectNode) JsonMapper.shared().readTree("{" + more + "}"));
        return DecoderConfig.of(new ConfigJson(json, "config.json"));
    }

    @Test
    void aSparseFileMeansTheDefaultsOfTransformers() {
        DecoderConfig config = llama("");
        assertThat(config.keyValueHeads()).isEqualTo(8);
        assertThat(config.headWidth()).isEqualTo(8);
        assertThat(config.normEpsilon()).isEqualTo(1e-6);
        assertThat(config.ropeTheta()).isEqualTo(10_000);
        assertThat(config.ropeScaling()).isEqualTo(new RopeScaling.None());
        assertThat(config.projectionBias() || config.outputBias() || config.feedForwardBias())
                .isFalse();
        assertThat(config.tiedHead()).isFalse();
        assertThat(config.endOfText()).isEmpty();
    }

    @Test
    void biasesAreWhereTheFamilyAndTheFileSay() {
        DecoderConfig llama = llama("\"attention_bias\": true, \"mlp_bias\": true");
        assertThat(llama.projectionBias() && llama.outputBias() && llama.feedForwardBias())
                .isTrue();
        DecoderConfig qwen2 = qwen2("\"attention_bias\": false, \"mlp_bias\": true");
        assertThat(qwen2.projectionBias()).isTrue();
        assertThat(qwen2.outputBias() || qwen2.feedForwardBias()).isFalse();
    }

    @Test
    void bothSpellingsOfTheRotaryEmbeddingMeanTheSame() {
        String llama3 = "\"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4,"
                + " \"original_max_position_embeddings\": 512";
        DecoderConfig old = llama("\"rope_theta\": 500000.0, \"rope_scaling\": {\"type\": \"llama3\", " + llama3 + "}");
        DecoderConfig young =
                llama("\"rope_parameters\": {\"rope_theta\": 500000, \"rope_type\": \"llama3\", " + llama3 + "}");
        assertThat(old).isEqualTo(young);
        assertThat(old.ropeTheta()).isEqualTo(500_000);
        assertThat(old.ropeScaling()).isEqualTo(new RopeScaling.Llama3(8, 1, 4, 512));
        assertThat(qwen2("\"rope_theta\": 1e6, \"rope_scaling\": null").ropeScaling())
                .isEqualTo(new RopeScaling.None());
        assertThat(qwen2("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}")
                        .ropeScaling())
                .isEqualTo(new RopeScaling.Linear(2));
    }

    @Test
    void theEndOfATextIsOneTokenOrSeveral() {
        assertThat(llama("\"eos_token_id\": 2").endOfText()).containsExactly(2L);
        assertThat(llama("\"eos_token_id\": [128001, 128009]").endOfText()).containsExactly(128001L, 128009L);
        assertThat(llama("\"eos_token_id\": null").endOfText()).isEmpty();
    }

    @Test
    void llama3KeepsShortWavesStretchesLongOnesAndInterpolatesBetween() {
        RopeScaling scaling = new RopeScaling.Llama3(4, 1, 4, 64);
        double wave = 2 * Math.PI / 64; // once around in the original context
        assertThat(scaling.scaled(5 * wave)).isEqualTo(5 * wave);
        assertThat(scaling.scaled(0.5 * wave)).isEqualTo(0.125 * wave);
        assertThat(scaling.scaled(2.5 * wave)).isCloseTo(2.5 * wave * (0.5 / 4 + 0.5), within(1e-12));
    }

    @Test
    void aSlidingWindowIsRefusedOnlyWhereItHidesSomething() {
        String window = "\"use_sliding_window\": true, \"sliding_window\": 1024, ";
        refused("qwen2", window + "\"max_window_layers\": 2", "attention within a sliding window is not supported");
        refused("qwen2", window + "\"max_window_layers\": 0", "sliding window is not supported");
        refused(
                "qwen2",
                window + "\"layer_types\": [\"full_attention\", \"sliding_attention\"]",
                "sliding window is not supported");
        qwen2(window + "\"max_window_layers\": 4");
        qwen2(window + "\"layer_types\": [\"full_attention\"], \"max_window_layers\": 2");
        qwen2("\"use_sliding_window\": true, \"sliding_window\": 2048, \"max_window_layers\": 2");
        qwen2("\"use_sliding_window\": true, \"sliding_window\": null, \"max_window_layers\": 2");
        qwen2("\"use_sliding_window\": false, \"sliding_window\": 1024, \"max_window_layers\": 2");
    }

    @Test
    void whatIsNotSupportedOrMakesNoSenseIsRefused() {
        refused("mistral", "", "model_type is 'mistral', supported are 'llama' and 'qwen2'");
        refused("llama", "\"hidden_act\": \"gelu\"", "hidden_act is 'gelu', only 'silu'");
        refused("llama", "\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2}", "rope_type is 'dynamic'");
        refused("llama", "\"rope_parameters\": {\"rope_type\": \"yarn\", \"factor\": 2}", "rope_type is 'yarn'");
        refused("llama", "\"rope_scaling\": {\"type\": \"linear\"}", "factor must be a number above 0");
        refused("llama", "\"rope_scaling\": {\"type\": \"linear\", \"factor\": -1}", "factor must be a number above 0");
        refused("llama", "\"rope_scaling\": \"linear\"", "rope_scaling must be an object");
        refused("llama", "\"rope_parameters\": {\"full_attention\": {}}", "for each type of layer");
        refused("llama", "\"rope_parameters\": {\"partial_rotary_factor\": 0.5}", "partial_rotary_factor must be 1");
        refused("llama", "\"num_key_value_heads\": 3", "not a multiple of num_key_value_heads 3");
        refused("llama", "\"head_dim\": 7", "head_dim 7 is odd");
        refused("llama", "\"num_attention_heads\": 7", "hidden_size must be a multiple of num_attention_heads");
        refused("llama", "\"eos_token_id\": \"</s>\"", "eos_token_id must be a whole number");
        refused("llama", "\"tie_word_embeddings\": 1", "tie_word_embeddings must be true or false");
    }

    @Test
    void sizesAreLimitedBeforeAnythingIsAllocated() {
        refused("llama", "\"vocab_size\": 99999999999", "vocab_size must be a number from 1");
        refused("llama", "\"hidden_size\": 0", "hidden_size must be a number from 1");
        refused("llama", "\"num_hidden_layers\": 5000", "num_hidden_layers must be a number from 1 to 4096");
        refused("llama", "\"head_dim\": 4000000", "8 heads of width 4000000 are beyond any model");
        refused("llama", "\"rms_norm_eps\": 0", "rms_norm_eps must be a number above 0");
        refused("llama", "\"rms_norm_eps\": 1e999", "rms_norm_eps must be a number above 0");
    }

    private static void refused(String family, String more, String message) {
        assertThatThrownBy(() -> config(family, more))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
