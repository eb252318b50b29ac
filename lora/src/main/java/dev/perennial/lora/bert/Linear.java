package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDArray;

/**
 * A frozen linear of a layer: {@code y = x W^T + b}, W [out,in].
 *
 * @param path its Hugging Face name, {@code encoder.layer.0.attention.self.query}
 * @param target what it is called as the target of an adapter, {@code query}
 */
public record Linear(String path, String target, PtNDArray weight, PtNDArray bias) {
    public int in() {
        return Math.toIntExact(weight.getShape().get(1));
    }

    public int out() {
        return Math.toIntExact(weight.getShape().get(0));
    }
}
