package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;

/** A batch in front of an adapted model, layer by layer: what {@link Chains} runs, whatever the model's family. */
public interface LayerChain {
    int layers();

    /** What goes into the first layer, [B,T,D], in the memory scope of the batch. */
    PtNDArray start();

    /**
     * The output of a layer, a pure function: run again, it gives the same bits.
     *
     * @param x what goes into it, [B,T,D]; stays as it is
     * @return [B,T,D]; it and all that was needed on the way live in the memory scope of {@code x}
     */
    PtNDArray layer(int index, PtNDArray x);
}
