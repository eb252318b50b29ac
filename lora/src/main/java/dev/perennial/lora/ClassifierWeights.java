package dev.perennial.lora;

import dev.perennial.lora.safetensors.Tensor;
import java.util.List;
import java.util.SortedMap;

/**
 * All of a classifier that is its own, on the heap.
 *
 * @param temperature what the logits are divided by before the softmax
 * @param trained with the head under {@link #HEAD_WEIGHT} [L,D] and {@link #HEAD_BIAS} [L]
 */
record ClassifierWeights(List<String> labels, double temperature, Trained trained) {
    static final String HEAD_WEIGHT = "classifier.weight";
    static final String HEAD_BIAS = "classifier.bias";

    /** Not calibrated. */
    ClassifierWeights(List<String> labels, Trained trained) {
        this(labels, Temperature.NONE, trained);
    }

    ClassifierWeights withTemperature(double value) {
        return new ClassifierWeights(labels, value, trained);
    }

    SortedMap<String, Tensor> tensors() {
        return trained.tensors();
    }

    Tensor tensor(String name) {
        return trained.tensor(name);
    }

    static boolean isHead(String name) {
        return name.equals(HEAD_WEIGHT) || name.equals(HEAD_BIAS);
    }
}
