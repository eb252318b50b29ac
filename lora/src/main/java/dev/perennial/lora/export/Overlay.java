package dev.perennial.lora.export;

import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.safetensors.FloatParts;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Optional;
import java.util.Set;

/**
 * The base's weights with some of the merged ones in their place.
 *
 * @param merged by their names in the files
 */
record Overlay(WeightSource base, Family family, MergePlan plan, Set<String> merged) implements WeightSource {
    @Override
    public Tensor tensor(String name) {
        return merged(name).orElseGet(() -> base.tensor(name));
    }

    @Override
    public Tensor tensor(String name, long... shape) {
        Optional<Tensor> tensor = merged(name);
        if (tensor.isEmpty()) {
            return base.tensor(name, shape);
        }
        WeightSource.requireShape(name, tensor.get().shape(), shape);
        return tensor.get();
    }

    @Override
    public void read(String name, FloatParts parts, long... shape) {
        Optional<Tensor> tensor = merged(name);
        if (tensor.isEmpty()) {
            base.read(name, parts, shape);
            return;
        }
        WeightSource.requireShape(name, tensor.get().shape(), shape);
        FloatParts.pass(tensor.get().values(), parts);
    }

    private Optional<Tensor> merged(String name) {
        return family.spellings(name).stream()
                .filter(merged::contains)
                .findFirst()
                .map(plan::value);
    }
}
