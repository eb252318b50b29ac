package dev.perennial.lora;

import dev.perennial.lora.safetensors.Tensor;
import java.util.Random;

/** Weights for tests that need any. */
public final class RandomTensor {
    private RandomTensor() {}

    public static Tensor normal(long seed, long... shape) {
        Random random = new Random(seed);
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, shape);
    }
}
