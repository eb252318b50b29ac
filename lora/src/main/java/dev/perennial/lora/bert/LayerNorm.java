package dev.perennial.lora.bert;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.WeightVisitor;

/** A layer norm over the last dimension. */
record LayerNorm(PtNDArray weight, PtNDArray bias, double epsilon) {
    LayerNorm visited(String path, WeightVisitor visitor) {
        return new LayerNorm(visitor.visit(path + ".weight", weight), visitor.visit(path + ".bias", bias), epsilon);
    }

    PtNDArray apply(PtNDArray x) {
        return JniUtils.layerNorm(x, new Shape(weight.getShape().get(0)), weight, bias, epsilon);
    }
}
