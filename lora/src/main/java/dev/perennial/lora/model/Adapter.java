package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;

/** What changes the output of a frozen linear. */
@FunctionalInterface
public interface Adapter {
    /** The untouched model. */
    Adapter NONE = (linear, x, y) -> y;

    /**
     * The output of {@code linear} after adaptation.
     *
     * @param x what went into the linear, [B,T,in]
     * @param y what came out of it, [B,T,out]
     */
    PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y);
}
