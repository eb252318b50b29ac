package dev.perennial.lora.bert;

import dev.perennial.lora.safetensors.Tensor;

/** Where a model's weights come from, under their Hugging Face names without a model prefix. */
public interface WeightSource {
    Tensor tensor(String name);
}
