package dev.perennial.lora.decoder;

import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.WeightVisitor;
import java.util.List;
import java.util.function.UnaryOperator;

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
    static final String ATTENTION_NORM = "input_layernorm";
    static final String FEED_FORWARD_NORM = "post_attention_layernorm";

    List<Linear> linears() {
        return List.of(query, key, value, output, gate, up, down);
    }

    DecoderLayer mapped(UnaryOperator<Linear> change) {
        return new DecoderLayer(
                attentionNorm,
                change.apply(query),
                change.apply(key),
                change.apply(value),
                change.apply(output),
                feedForwardNorm,
                change.apply(gate),
                change.apply(up),
                change.apply(down));
    }

    /** @param prefix of the names, {@code model.layers.0.} */
    DecoderLayer visited(String prefix, WeightVisitor visitor) {
        return new DecoderLayer(
                attentionNorm.visited(prefix + ATTENTION_NORM, visitor),
                query.visited(visitor),
                key.visited(visitor),
                value.visited(visitor),
                output.visited(visitor),
                feedForwardNorm.visited(prefix + FEED_FORWARD_NORM, visitor),
                gate.visited(visitor),
                up.visited(visitor),
                down.visited(visitor));
    }
}
