package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The arrays that a run trains, by name; for one thread at a time. */
final class Parameters implements AutoCloseable {
    private final PtNDManager parent;
    private PtNDManager memory;
    private Map<String, Parameter> byName = Map.of();

    Parameters(PtNDManager parent, Weights start) {
        this.parent = parent;
        this.memory = Torch.within(parent);
        fill(start);
    }

    /**
     * Values and Adam's moments on the heap.
     *
     * @param first moments, of the names and shapes of {@code values}; likewise {@code second}
     */
    record Weights(
            SortedMap<String, Tensor> values, SortedMap<String, Tensor> first, SortedMap<String, Tensor> second) {
        /** Before the first step. */
        static Weights fresh(SortedMap<String, Tensor> values) {
            SortedMap<String, Tensor> zeros = new TreeMap<>();
            values.forEach((name, tensor) ->
                    zeros.put(name, new Tensor(tensor.shape(), new float[tensor.values().length])));
            return new Weights(values, zeros, zeros);
        }

        static Tensor required(SortedMap<String, Tensor> tensors, String name) {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("no tensor " + name);
            }
            return tensor;
        }
    }

    private void fill(Weights weights) {
        Map<String, Parameter> filled = new LinkedHashMap<>();
        weights.values.forEach((name, value) -> filled.put(
                name,
                Parameter.of(
                        memory,
                        name,
                        value,
                        Weights.required(weights.first, name),
                        Weights.required(weights.second, name))));
        byName = Collections.unmodifiableMap(filled);
    }

    /** Puts other values and moments in the place of these. */
    void restore(Weights weights) {
        memory.close();
        memory = Torch.within(parent);
        fill(weights);
    }

    Collection<Parameter> all() {
        return byName.values();
    }

    /** The arrays that are trained; they require gradients. */
    Map<String, PtNDArray> arrays() {
        Map<String, PtNDArray> arrays = new LinkedHashMap<>();
        byName.forEach((name, parameter) -> arrays.put(name, parameter.value()));
        return arrays;
    }

    /** A copy of the values. */
    SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        byName.forEach((name, parameter) -> tensors.put(name, parameter.tensor()));
        return tensors;
    }

    /** A copy of values and moments. */
    Weights weights() {
        SortedMap<String, Tensor> first = new TreeMap<>();
        SortedMap<String, Tensor> second = new TreeMap<>();
        byName.forEach((name, parameter) -> {
            first.put(name, Torch.tensor(parameter.firstMoment()));
            second.put(name, Torch.tensor(parameter.secondMoment()));
        });
        return new Weights(tensors(), first, second);
    }

    @Override
    public void close() {
        memory.close();
    }
}
