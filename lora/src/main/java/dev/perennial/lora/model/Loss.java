package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;

/** What follows the last layer of a {@link LayerChain}, down to one number, as a sum of parts that share no memory. */
@FunctionalInterface
public interface Loss {
    default int parts() {
        return 1;
    }

    /**
     * One of the summands, a scalar.
     *
     * @param last the last layer's output, [B,T,D]; all that is made lives in its memory scope
     */
    PtNDArray part(int index, PtNDArray last);
}
