package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;

/**
 * Takes weights from a source into the engine as 32-bit floats, each of the shape that its configuration calls for.
 *
 * @param linears the form of the linears' weights instead
 */
public record WeightArrays(PtNDManager memory, WeightSource source, MatrixForm linears) {
    /** What the engine takes in one array: 2 GiB. */
    private static final long MAX_ELEMENTS = (1L << 29) - 16;

    public PtNDArray array(String name, long... shape) {
        return Torch.floats(memory, checked(name, shape).values(), shape);
    }

    private Tensor checked(String name, long... shape) {
        long elements = 1;
        for (long dimension : shape) {
            elements *= dimension; // dimensions are limited to 2^22 and there are two of them
        }
        if (elements > MAX_ELEMENTS) {
            throw new ModelFormatException("weight '%s' is larger than 2 GiB in 32-bit floats".formatted(name));
        }
        Tensor tensor = source.tensor(name, shape);
        if (!tensor.finite()) {
            throw new ModelFormatException("weight '" + name + "' holds values that are no finite numbers");
        }
        return tensor;
    }

    /** {@code <path>.weight} and, if it has one, {@code <path>.bias}. */
    public Linear linear(String path, String target, int out, int in, boolean biased) {
        Matrix weight = linears.of(memory, checked(path + ".weight", out, in));
        return new Linear(path, target, weight, biased ? array(path + ".bias", out) : null);
    }
}
