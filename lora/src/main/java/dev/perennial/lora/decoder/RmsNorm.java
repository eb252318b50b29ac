package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.WeightVisitor;

/**
 * A norm over the last dimension: {@code w x / sqrt(mean(x^2) + epsilon)} (Zhang and Sennrich, arXiv:1910.07467).
 *
 * @param epsilon a scalar
 */
record RmsNorm(PtNDArray weight, PtNDArray epsilon) {
    RmsNorm visited(String path, WeightVisitor visitor) {
        return new RmsNorm(visitor.visit(path + ".weight", weight), epsilon);
    }

    PtNDArray apply(PtNDArray x) {
        PtNDArray meanSquare = JniUtils.mean(JniUtils.square(x), x.getShape().dimension() - 1L, true); // [B,T,1]
        PtNDArray root = JniUtils.sqrt(JniUtils.add(meanSquare, epsilon));
        return JniUtils.mul(JniUtils.div(x, root), weight);
    }
}
