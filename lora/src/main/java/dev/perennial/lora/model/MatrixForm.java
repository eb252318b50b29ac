package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.safetensors.Tensor;

/** The form in which the engine is to keep the weights of linears. */
@FunctionalInterface
public interface MatrixForm {
    /** As 32-bit floats. */
    MatrixForm DENSE = DenseMatrix::of;

    /**
     * Takes a weight into the engine.
     *
     * @param weight [out,in], of finite numbers
     */
    Matrix of(PtNDManager memory, Tensor weight);
}
