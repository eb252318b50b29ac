package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;

/**
 * A trained array with Adam's moments.
 *
 * @param name as in {@link ClassifierWeights}
 */
record Parameter(String name, PtNDArray value, PtNDArray firstMoment, PtNDArray secondMoment) {
    static Parameter of(PtNDManager memory, String name, Tensor value, Tensor first, Tensor second) {
        PtNDArray array = Torch.floats(memory, value.values(), value.dimensions());
        array.setRequiresGradient(true);
        return new Parameter(
                name,
                array,
                Torch.floats(memory, first.values(), first.dimensions()),
                Torch.floats(memory, second.values(), second.dimensions()));
    }

    Tensor tensor() {
        return Torch.tensor(value);
    }
}
