package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * A weight as it is; a gradient passes to it as well.
 *
 * @param array [out,in]
 */
public record DenseMatrix(PtNDArray array) implements Matrix {
    @Override
    public int out() {
        return Math.toIntExact(array.getShape().get(0));
    }

    @Override
    public int in() {
        return Math.toIntExact(array.getShape().get(1));
    }

    @Override
    public PtNDArray apply(PtNDArray x, @Nullable PtNDArray bias) {
        return JniUtils.linear(x, array, bias);
    }

    @Override
    public BasePrecision precision() {
        return BasePrecision.FLOAT32;
    }

    @Override
    public Tensor tensor() {
        return Torch.tensor(array);
    }
}
