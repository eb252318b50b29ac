package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;

/**
 * Zeroes a share of the values and scales the others up. The masks are a pure function of seed, step and place, so that
 * a resumed run draws what the unbroken one would have drawn.
 */
record Dropout(double share, long seed, int step) {
    PtNDArray apply(PtNDManager scope, String place, PtNDArray x) {
        if (share == 0) {
            return x;
        }
        long[] shape = x.getShape().getShape();
        float[] mask = new float[(int) x.size()];
        long stream = Seeds.mix(seed, step, place.hashCode());
        float kept = (float) (1 / (1 - share));
        int threshold = (int) Math.round(share * (1 << 16));
        for (int i = 0; i < mask.length; i++) {
            long lanes = Seeds.at(stream, i >> 2);
            int draw = (int) (lanes >>> (16 * (i & 3))) & 0xffff;
            mask[i] = draw < threshold ? 0 : kept;
        }
        return JniUtils.mul(x, Torch.floats(scope, mask, shape));
    }
}
