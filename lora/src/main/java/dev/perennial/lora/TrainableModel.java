package dev.perennial.lora;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The arrays that a run trains, and one step of it. */
record TrainableModel(
        PtNDManager memory,
        TextEncoder encoder,
        TrainingConfig config,
        Map<String, Parameter> parameters,
        PtNDArray scale) {

    static TrainableModel of(PtNDManager memory, TextEncoder encoder, TrainingConfig config, Checkpoint start) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (String name : start.weights().keySet()) {
            parameters.put(
                    name,
                    Parameter.of(
                            memory,
                            name,
                            Checkpoint.required(start.weights(), name),
                            Checkpoint.required(start.firstMoments(), name),
                            Checkpoint.required(start.secondMoments(), name)));
        }
        return new TrainableModel(
                memory,
                encoder,
                config,
                parameters,
                Torch.scalar(memory, config.lora().scale()));
    }

    /**
     * One step of AdamW on {@code sum_i w_i CE_i / (B mean(w))}: an example weighs the same in whichever batch it is.
     *
     * @param t counted from 1
     * @param rate share of the peak rates
     * @param meanWeight of all training examples
     * @return the loss before the step
     */
    double step(Examples batch, int t, double rate, double meanWeight) {
        Torch.training();
        try (PtNDManager scope = Torch.within(memory)) {
            double value = 0;
            List<Examples> parts = batch.parts(config.microBatches());
            for (int i = 0; i < parts.size(); i++) {
                // Each part's loss is its share of the whole batch's, so the gradients add up to the whole one's.
                double share = parts.get(i).size() / (double) batch.size();
                value += accumulate(parts.get(i), dropout(t, i), meanWeight / share);
            }
            double norm =
                    AdamW.step(scope, List.copyOf(parameters.values()), t, config.clipNorm(), new Rates(config, rate));
            if (!Double.isFinite(value) || !Double.isFinite(norm)) {
                throw new TrainingDivergedException(t);
            }
            return value;
        } finally {
            Torch.inference();
        }
    }

    /** The first part draws as an undivided batch does. */
    private Dropout dropout(int t, int part) {
        long seed = part == 0 ? config.seed() : Seeds.mix(config.seed(), part);
        return new Dropout(config.lora().dropout(), seed, t);
    }

    /** Adds the loss's gradients to those that the parameters hold; what the graph took is free on return. */
    private double accumulate(Examples part, Dropout dropout, double meanWeight) {
        try (PtNDManager scope = Torch.within(memory)) {
            PtNDArray loss = loss(scope, part, dropout, meanWeight);
            JniUtils.backward(loss, Torch.scalar(scope, 1), false, false);
            return loss.getFloat();
        }
    }

    /** {@code - sum_i w_i / (B mean(w)) sum_l t_il log softmax(logits_i)_l}, t the smoothed target. */
    PtNDArray loss(PtNDManager scope, Examples batch, Dropout dropout, double meanWeight) {
        PtNDArray x =
                encoder.embed(scope, batch.tokens(), new TrainableAdapter(scope, parameters, _ -> scale, dropout));
        PtNDArray logProbabilities = JniUtils.logSoftmax(head(x), 1, DataType.FLOAT32); // [B,L]
        PtNDArray targets =
                targets(scope, batch, (int) logProbabilities.getShape().get(1), meanWeight); // [B,L]
        return JniUtils.neg(JniUtils.sum(JniUtils.mul(logProbabilities, targets))); // []
    }

    private PtNDArray head(PtNDArray x) {
        return JniUtils.linear(x, value(ClassifierWeights.HEAD_WEIGHT), value(ClassifierWeights.HEAD_BIAS)); // [B,L]
    }

    private PtNDArray value(String name) {
        Parameter parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("no parameter " + name);
        }
        return parameter.value();
    }

    private PtNDArray targets(PtNDManager scope, Examples batch, int labels, double meanWeight) {
        float[] targets = new float[batch.size() * labels];
        for (int i = 0; i < batch.size(); i++) {
            double share = batch.weights()[i] / (batch.size() * meanWeight);
            for (int label = 0; label < labels; label++) {
                double target = config.labelSmoothing() / labels;
                target += label == batch.classes()[i] ? 1 - config.labelSmoothing() : 0;
                targets[i * labels + label] = (float) (share * target);
            }
        }
        return Torch.floats(scope, targets, batch.size(), labels);
    }

    /** Without dropout. */
    float[][] logits(Examples examples) {
        TrainableAdapter adapter = new TrainableAdapter(memory, parameters, _ -> scale, new Dropout(0, 0, 0));
        return encoder.run(examples.tokens(), adapter, this::head);
    }

    SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        parameters.forEach((name, parameter) -> tensors.put(name, parameter.tensor()));
        return tensors;
    }

    Checkpoint checkpoint(Checkpoint.Identity identity, RunState state, SortedMap<String, Tensor> best) {
        SortedMap<String, Tensor> first = new TreeMap<>();
        SortedMap<String, Tensor> second = new TreeMap<>();
        for (Parameter parameter : parameters.values()) {
            first.put(parameter.name(), Torch.tensor(parameter.firstMoment()));
            second.put(parameter.name(), Torch.tensor(parameter.secondMoment()));
        }
        return new Checkpoint(identity, config.lora(), Optional.of(state), tensors(), first, second, best);
    }
}
