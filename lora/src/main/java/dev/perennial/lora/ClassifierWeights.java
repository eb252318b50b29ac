package dev.perennial.lora;

import dev.perennial.lora.safetensors.Tensor;
import java.util.List;
import java.util.SortedMap;

/**
 * All of a classifier that is its own, on the heap.
 *
 * @param temperature what the logits are divided by before the softmax
 * @param tensors the adapters' A [R,in] and B [out,R] under {@code <path of the linear>.lora_A} and {@code .lora_B}, and
 *     the head under {@link #HEAD_WEIGHT} [L,D] and {@link #HEAD_BIAS} [L]
 */
record ClassifierWeights(LoraConfig lora, List<String> labels, double temperature, SortedMap<String, Tensor> tensors) {
    static final String A = ".lora_A";
    static final String B = ".lora_B";
    static final String HEAD_WEIGHT = "classifier.weight";
    static final String HEAD_BIAS = "classifier.bias";

    /** Not calibrated. */
    ClassifierWeights(LoraConfig lora, List<String> labels, SortedMap<String, Tensor> tensors) {
        this(lora, labels, Temperature.NONE, tensors);
    }

    ClassifierWeights withTemperature(double value) {
        return new ClassifierWeights(lora, labels, value, tensors);
    }

    Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("no tensor " + name);
        }
        return tensor;
    }

    static boolean isHead(String name) {
        return name.equals(HEAD_WEIGHT) || name.equals(HEAD_BIAS);
    }
}
