package dev.perennial.lora.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;

/**
 * What every token of a text can look at beside the text itself: keys and values of n tokens before it that are nowhere
 * else. Keys come as they are: where a model rotates keys by their position, it does not rotate these.
 *
 * @param keys [1 or B,K,n,E]
 * @param values [1 or B,K,n,E]
 */
public record KeyValues(PtNDArray keys, PtNDArray values) {
    /** These keys and after them a text's own, [B,K,T,E] to [B,K,n+T,E], in the memory scope of the text's. */
    public PtNDArray keysBefore(PtNDArray own) {
        return before(keys, own);
    }

    /** These values and after them a text's own, [B,K,T,E] to [B,K,n+T,E], in the memory scope of the text's. */
    public PtNDArray valuesBefore(PtNDArray own) {
        return before(values, own);
    }

    private static PtNDArray before(PtNDArray prefix, PtNDArray own) {
        long[] shape = own.getShape().getShape().clone();
        shape[2] = prefix.getShape().get(2);
        PtNDArray each = JniUtils.broadcast(prefix, new Shape(shape)); // [B,K,n,E]
        each.attach(own.getManager());
        return JniUtils.cat(new PtNDArray[] {each, own}, 2);
    }

    /** A mask, [..,S], for texts that look at n tokens before them too, [..,n+S]. */
    public static PtNDArray openMask(PtNDArray mask, int tokens) {
        PtNDManager scope = mask.getManager();
        long[] shape = mask.getShape().getShape().clone();
        shape[shape.length - 1] = tokens;
        return JniUtils.cat(new PtNDArray[] {Torch.zeros(scope, shape), mask}, shape.length - 1L);
    }
}
