package dev.perennial.lora.model;

import dev.perennial.lora.ModelFormatException;
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

    static void requireShape(String name, List<Long> found, long... expected) {
        if (!found.equals(Arrays.stream(expected).boxed().toList())) {
            throw new ModelFormatException("weight '%s' has the shape %s, its config calls for %s"
                    .formatted(name, found, Arrays.toString(expected)));
        }
    }
}
