package dev.perennial.lora.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainedLayersTest {
    @Test
    void theLowestLayerWithSomethingTrainedCounts() {
        assertThat(below(
                        "model.layers.11.self_attn.q_proj.lora_A",
                        "model.layers.7.mlp.up_proj.lora_B",
                        "lm_head.weight"))
                .isEqualTo(7);
        assertThat(below("encoder.layer.3.attention.self.query.lora_A", "classifier.bias"))
                .isEqualTo(3);
        assertThat(below("encoder.layer.10.output.LayerNorm.weight")).isEqualTo(10);
        assertThat(below("roberta.encoder.layer.2.output.dense.weight")).isEqualTo(2);
        assertThat(below("model.layers.0.input_layernorm.weight", "model.layers.5.mlp.up_proj.lora_B"))
                .isZero();
    }

    @Test
    void whatFollowsTheLastLayerLeavesAllLayersFrozen() {
        assertThat(below("classifier.weight", "classifier.bias")).isEqualTo(12);
        assertThat(below("model.norm.weight", "lm_head.weight")).isEqualTo(12);
        assertThat(below()).isEqualTo(12);
    }

    @Test
    void whateverElseIsTrainedFreezesNothing() {
        for (String name : List.of(
                "model.embed_tokens.weight",
                "embeddings.LayerNorm.bias",
                "prompt_embeddings",
                "something.new",
                "model.layers")) {
            assertThat(below("classifier.weight", name)).as(name).isZero();
        }
    }

    private static int below(String... names) {
        return TrainedLayers.frozenBelow(List.of(names), 12);
    }
}
