package dev.perennial.lora.model;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.FloatParts;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Arrays;
import java.util.List;

/** Where a model's weights come from, under their Hugging Face names. */
@FunctionalInterface
public interface WeightSource {
    /** Refuses a name that is not there. */
    Tensor tensor(String name);

    /** Refuses another shape; a source that knows shapes beforehand does so before it reads. */
    default Tensor tensor(String name, long... shape) {
        Tensor tensor = tensor(name);
        requireShape(name, tensor.shape(), shape);
        return tensor;
    }

    /**
     * Passes on the values part by part, with the same refusals before the first; a source that need not hold the whole
     * weight for that does not.
     */
    default void read(String name, FloatParts parts, long... shape) {
        FloatParts.pass(tensor(name, shape).values(), parts);
    }

    static void requireShape(String name, List<Long> found, long... expected) {
        if (!found.equals(Arrays.stream(expected).boxed().toList())) {
            throw new ModelFormatException("weight '%s' has the shape %s, its config calls for %s"
                    .formatted(name, found, Arrays.toString(expected)));
        }
    }
}
