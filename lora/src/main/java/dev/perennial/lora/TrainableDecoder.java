package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.CausalLoss;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An adapter of a causal language model while it is trained, and one step of that. For one platform thread at a time;
 * closing frees the adapter's arrays and leaves the model.
 */
public final class TrainableDecoder implements AutoCloseable {
    private final DecoderModel model;
    private final LoraWeights start;
    private final long seed;
    private final PtNDManager memory;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, PtNDArray> scales = new HashMap<>();

    /** The rate and decay of every parameter in a step. */
    public record Rate(double learningRate, double weightDecay, double clipNorm) implements AdamW.Schedule {
        @Override
        public double rate(Parameter parameter) {
            return learningRate;
        }

        @Override
        public double decay(Parameter parameter) {
            return weightDecay;
        }
    }

    /**
     * Copies the weights to train.
     *
     * @param seed of the dropout
     */
    public TrainableDecoder(DecoderModel model, LoraWeights start, long seed) {
        this.model = model;
        this.start = start;
        this.seed = seed;
        this.memory = Torch.within(model.memory());
        start.tensors().forEach((name, tensor) -> {
            Tensor zeros = Tensor.of(new float[tensor.values().length], tensor.dimensions());
            parameters.put(name, Parameter.of(memory, name, tensor, zeros, zeros));
            if (name.endsWith(LoraWeights.A)) {
                String path = name.substring(0, name.length() - LoraWeights.A.length());
                scales.put(path, Torch.scalar(memory, start.settings().scale(path)));
            }
        });
    }

    /**
     * One step of AdamW on the {@link CausalLoss} of a batch.
     *
     * @param t counted from 1
     * @return the loss before the step
     * @throws TrainingDivergedException if the loss or a gradient is no finite number any more
     */
    public double step(List<CausalExample> batch, int t, Rate rate) {
        Torch.training();
        try (PtNDManager scope = Torch.within(memory)) {
            PtNDArray loss = loss(scope, batch, new Dropout(start.settings().dropout(), seed, t));
            JniUtils.backward(loss, Torch.scalar(scope, 1), false, false);
            double value = loss.getFloat();
            double norm = AdamW.step(scope, List.copyOf(parameters.values()), t, rate.clipNorm(), rate);
            if (!Double.isFinite(value) || !Double.isFinite(norm)) {
                throw new TrainingDivergedException(t);
            }
            return value;
        } finally {
            Torch.inference();
        }
    }

    /** The loss without dropout and without a step, for validation. */
    public double loss(List<CausalExample> batch) {
        Torch.inference();
        try (PtNDManager scope = Torch.within(memory)) {
            return loss(scope, batch, new Dropout(0, 0, 0)).getFloat();
        }
    }

    PtNDArray loss(PtNDManager scope, List<CausalExample> batch, Dropout dropout) {
        Adapter adapter = new TrainableAdapter(
                scope, parameters, linear -> Objects.requireNonNull(scales.get(linear.path())), dropout);
        return CausalLoss.of(scope, model.weights(), adapter, batch);
    }

    Map<String, Parameter> parameters() {
        return parameters;
    }

    /** A copy of the weights as they are now. */
    public LoraWeights weights() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        parameters.forEach((name, parameter) -> tensors.put(name, parameter.tensor()));
        return new LoraWeights(start.settings(), tensors);
    }

    /** For the test that steps leak nothing. */
    int managedArrays() {
        return memory.getManagedArrays().size()
                + model.memory().getManagedArrays().size();
    }

    @Override
    public void close() {
        memory.close();
    }
}
