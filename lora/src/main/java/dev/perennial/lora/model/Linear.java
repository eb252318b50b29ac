package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/**
 * A frozen linear of a layer: {@code y = x W^T + b}, W [out,in].
 *
 * @param path its Hugging Face name, {@code encoder.layer.0.attention.self.query}
 * @param target what it is called as the target of an adapter, {@code query}
 * @param bias [out], or null if it has none
 */
public record Linear(
        String path,
        String target,
        PtNDArray weight,
        @Nullable PtNDArray bias) {
    public int in() {
        return Math.toIntExact(weight.getShape().get(1));
    }

    public int out() {
        return Math.toIntExact(weight.getShape().get(0));
    }

    /** [B,T,in] to [B,T,out]. */
    public PtNDArray apply(Adapter adapter, PtNDArray x) {
        return adapter.adapt(this, x, JniUtils.linear(x, weight, bias));
    }
}
