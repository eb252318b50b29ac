package dev.perennial.lora.decoder;

import dev.perennial.lora.model.Linear;
import java.util.List;

/** The weights of one layer. */
record DecoderLayer(
        RmsNorm attentionNorm,
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        RmsNorm feedForwardNorm,
        Linear gate,
        Linear up,
        Linear down) {
    List<Linear> linears() {
        return List.of(query, key, value, output, gate, up, down);
    }
}
