package dev.perennial.lora.bert;

import dev.perennial.lora.model.Linear;
import java.util.List;

/** The weights of one layer. */
record BertLayer(
        Linear query,
        Linear key,
        Linear value,
        Linear attentionOutput,
        LayerNorm attentionNorm,
        Linear intermediate,
        Linear output,
        LayerNorm outputNorm) {
    List<Linear> linears() {
        return List.of(query, key, value, attentionOutput, intermediate, output);
    }
}
