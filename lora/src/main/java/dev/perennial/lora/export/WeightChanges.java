package dev.perennial.lora.export;

import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What training changed of a base model.
 *
 * @param lora what is added to linears; null if nothing is
 * @param replaced weights instead of the base's, by their Hugging Face names, in its shapes
 */
public record WeightChanges(@Nullable LoraWeights lora, SortedMap<String, Tensor> replaced) {
    public WeightChanges {
        replaced = Collections.unmodifiableSortedMap(new TreeMap<>(replaced));
        if (lora != null && lora.tensors().keySet().stream().anyMatch(name -> !name.contains(".lora_"))) {
            throw new IllegalArgumentException("an adapter holds lora_A and lora_B of linears only");
        }
    }

    /** An adapter. */
    public static WeightChanges of(LoraWeights lora) {
        return new WeightChanges(lora, new TreeMap<>());
    }

    /** Weights that were themselves trained. */
    public static WeightChanges replacing(Map<String, Tensor> replaced) {
        return new WeightChanges(null, new TreeMap<>(replaced));
    }
}
