package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import dev.perennial.lora.safetensors.Tensor;
import org.jspecify.annotations.Nullable;

/** The weight W [out,in] of a linear, in whatever form the engine keeps it; to be shared by threads. */
public interface Matrix {
    int out();

    int in();

    /**
     * {@code x W^T + b}, in the memory scope of {@code x} and as a 32-bit float; a gradient passes to {@code x} and to
     * {@code bias}.
     *
     * @param x [.., in]
     * @param bias [out], or null for none
     * @return [.., out]
     */
    PtNDArray apply(PtNDArray x, @Nullable PtNDArray bias);

    /** What the weight is held in. */
    BasePrecision precision();

    /** What {@link #apply} multiplies with, in 32-bit floats, copied to the heap. */
    Tensor tensor();
}
