package dev.perennial.lora.bert;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/** A frozen layer norm over the last dimension. */
record LayerNorm(PtNDArray weight, PtNDArray bias, double epsilon) {
    PtNDArray apply(PtNDArray x) {
        return JniUtils.layerNorm(x, new Shape(weight.getShape().get(0)), weight, bias, epsilon);
    }
}
