package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Linear;
import java.util.Map;
import java.util.function.Function;

/**
 * LoRA for training: {@code y + s B (A dropout(x))}, A and B as they are trained.
 *
 * @param scale s of a linear
 */
record TrainableAdapter(
        PtNDManager scope, Map<String, Parameter> parameters, Function<Linear, PtNDArray> scale, Dropout dropout)
        implements Adapter {
    @Override
    public PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y) {
        Parameter a = parameters.get(linear.path() + ClassifierWeights.A);
        Parameter b = parameters.get(linear.path() + ClassifierWeights.B);
        if (a == null || b == null) {
            return y;
        }
        PtNDArray kept = dropout.apply(scope, linear.path(), x); // [B,T,in]
        PtNDArray narrow = JniUtils.mul(JniUtils.linear(kept, a.value(), null), scale.apply(linear)); // [B,T,R]
        return JniUtils.add(y, JniUtils.linear(narrow, b.value(), null)); // [B,T,out]
    }
}
