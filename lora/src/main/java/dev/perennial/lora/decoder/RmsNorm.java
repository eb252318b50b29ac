package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import dev.perennial.lora.model.WeightVisitor;
import dev.perennial.lora.tensor.Fused;

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
        return Fused.rmsNorm(x, weight, epsilon);
    }
}
