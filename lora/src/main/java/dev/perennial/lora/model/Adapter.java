package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import org.jspecify.annotations.Nullable;

/** What changes the output of frozen linears, and what texts are preceded by. */
@FunctionalInterface
public interface Adapter {
    /** The untouched model. */
    Adapter NONE = (linear, x, y) -> y;

    /**
     * The output of {@code linear} after adaptation.
     *
     * @param x what went into the linear, [B,T,in]
     * @param y what came out of it, [B,T,out]; it may be closed if another array is returned
     */
    PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y);

    /**
     * What goes into the first layer.
     *
     * @param x the embedded tokens, [B,T,D]
     */
    default PtNDArray embedded(PtNDArray x) {
        return x;
    }

    /** How many tokens the {@link #prefix} of every layer has: texts take the positions after them. */
    default int prefixTokens() {
        return 0;
    }

    /**
     * The keys and values before those of every text in a layer, null if {@link #prefixTokens} is 0. With a cache it is
     * asked for with the first tokens of the texts only.
     */
    default @Nullable KeyValues prefix(int layer) {
        return null;
    }
}
