package dev.perennial.lora;

import dev.perennial.lora.safetensors.Tensor;
import java.util.Random;

/** Weights for tests that need any. */
public final class RandomTensor {
    private RandomTensor() {}

    public static Tensor normal(long seed, long... shape) {
        return Tensor.of(values(new Random(seed), shape), shape);
    }

    /** Normally distributed numbers for an array of that shape. */
    public static float[] values(Random random, long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
