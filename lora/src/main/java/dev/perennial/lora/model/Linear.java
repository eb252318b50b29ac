package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import org.jspecify.annotations.Nullable;

/**
 * A linear of a layer: {@code y = x W^T + b}, W [out,in].
 *
 * @param path its Hugging Face name, {@code encoder.layer.0.attention.self.query}
 * @param target what it is called as the target of an adapter, {@code query}
 * @param bias [out], or null if it has none
 */
public record Linear(
        String path, String target, Matrix weight, @Nullable PtNDArray bias) {
    public int in() {
        return weight.in();
    }

    public int out() {
        return weight.out();
    }

    /** The same with what a visitor puts in the place of its arrays; a weight in few bits is not shown to it. */
    public Linear visited(WeightVisitor visitor) {
        Matrix seen = weight instanceof DenseMatrix dense
                ? new DenseMatrix(visitor.visit(path + ".weight", dense.array()))
                : weight;
        return new Linear(path, target, seen, bias == null ? null : visitor.visit(path + ".bias", bias));
    }

    /** [B,T,in] to [B,T,out]. */
    public PtNDArray apply(Adapter adapter, PtNDArray x) {
        return adapter.adapt(this, x, weight.apply(x, bias));
    }
}
