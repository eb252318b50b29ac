package dev.perennial.lora.bert;

import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.WeightVisitor;
import java.util.List;
import java.util.function.UnaryOperator;

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

    BertLayer mapped(UnaryOperator<Linear> change) {
        return new BertLayer(
                change.apply(query),
                change.apply(key),
                change.apply(value),
                change.apply(attentionOutput),
                attentionNorm,
                change.apply(intermediate),
                change.apply(output),
                outputNorm);
    }

    /** @param prefix of the names, {@code encoder.layer.0.} */
    BertLayer visited(String prefix, WeightVisitor visitor) {
        return new BertLayer(
                query.visited(visitor),
                key.visited(visitor),
                value.visited(visitor),
                attentionOutput.visited(visitor),
                attentionNorm.visited(prefix + WeightLoader.ATTENTION_NORM, visitor),
                intermediate.visited(visitor),
                output.visited(visitor),
                outputNorm.visited(prefix + WeightLoader.OUTPUT_NORM, visitor));
    }
}
