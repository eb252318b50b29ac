package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.adapter.LoraLayers;
import dev.perennial.lora.adapter.PrefixLayers;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.ModelWeights;
import dev.perennial.lora.tensor.Torch;
import java.util.HashMap;
import java.util.Map;

/**
 * What a training made, in the engine's memory and ready for inference.
 *
 * @param replacements arrays for the base's own
 */
record Tuned(Map<String, PtNDArray> replacements, Adapter adapter) {
    /** Keeps everything in {@code memory}. */
    static Tuned of(PtNDManager memory, ModelWeights base, Trained trained) {
        Map<String, PtNDArray> replacements = new HashMap<>();
        for (String name : base.arrays().keySet()) {
            if (trained.tensors().containsKey(name)) {
                replacements.put(name, Torch.array(memory, trained.tensor(name)));
            }
        }
        return new Tuned(Map.copyOf(replacements), adapter(memory, base, trained));
    }

    private static Adapter adapter(PtNDManager memory, ModelWeights base, Trained trained) {
        return switch (trained.method()) {
            case TuningMethod.Lora _ -> new LoraLayers(memory, trained.lora().orElseThrow());
            case TuningMethod.Prefix _ ->
                new PrefixLayers(memory, new PrefixWeights(base.attention(), trained.tensor(PrefixWeights.EMBEDDINGS)));
            case TuningMethod.Full _, TuningMethod.HeadOnly _ -> Adapter.NONE;
        };
    }
}
