package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.tensor.Fused;
import dev.perennial.lora.tensor.Torch;

/**
 * Rotary position embeddings (Su et al., arXiv:2104.09864, equation 34) in the layout of Hugging Face weights: dimension
 * {@code i} of a head is rotated with dimension {@code i + E/2}.
 *
 * @param cosine [P,1,T,E], P one or B
 * @param sine [P,1,T,E], its first half negated, which saves negating a half of every head
 */
record Rope(PtNDArray cosine, PtNDArray sine) {
    /**
     * Frequencies and angles are rounded to 32-bit floats as in transformers, so that late positions agree with it.
     *
     * @param positions of the T tokens, one row for all texts or one for each
     */
    static Rope at(PtNDManager scope, DecoderConfig config, int[][] positions) {
        float[] frequencies = frequencies(config);
        int half = frequencies.length;
        int t = positions[0].length;
        float[] cosine = new float[positions.length * t * 2 * half];
        float[] sine = new float[cosine.length];
        int at = 0;
        for (int[] row : positions) {
            for (int position : row) {
                for (int i = 0; i < half; i++) {
                    double angle = position * frequencies[i];
                    cosine[at + i] = cosine[at + half + i] = (float) Math.cos(angle);
                    sine[at + half + i] = (float) Math.sin(angle);
                    sine[at + i] = -sine[at + half + i];
                }
                at += 2 * half;
            }
        }
        long[] shape = {positions.length, 1, t, 2L * half};
        return new Rope(Torch.floats(scope, cosine, shape), Torch.floats(scope, sine, shape));
    }

    /** {@code theta^(-2i/E)}, scaled, for each of the E/2 pairs. */
    static float[] frequencies(DecoderConfig config) {
        float[] frequencies = new float[config.headWidth() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float exponent = 2f * i / config.headWidth();
            float frequency = 1 / (float) Math.pow(config.ropeTheta(), exponent);
            frequencies[i] = (float) config.ropeScaling().scaled(frequency);
        }
        return frequencies;
    }

    /** The heads' vectors, each turned by its position; [B,*,T,E] as before. */
    PtNDArray rotate(PtNDArray x) {
        return Fused.rotated(x, cosine, sine);
    }
}
