package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraDirectory;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.PrefixDirectory;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.ModelWeights;
import dev.perennial.lora.safetensors.SafetensorsFile;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/** A run of golden_methods.py, and the same one here: the arrays that a method trains, and steps of AdamW on them. */
final class GoldenMethod implements AutoCloseable {
    /** What golden_methods.py wrote; logits of each text and of each of its tokens or, of a classifier, of the one text. */
    record Golden(
            Map<String, float[]> classifier,
            List<List<float[]>> logits,
            List<Double> losses,
            List<List<float[]>> after) {}

    /** What a model is to do with its weights. */
    interface Task {
        PtNDArray loss(PtNDManager scope, ModelWeights weights, Adapter adapter, Map<String, PtNDArray> classifier);

        List<List<float[]>> logits(
                PtNDManager scope, ModelWeights weights, Adapter adapter, Map<String, PtNDArray> classifier);
    }

    private static final double RATE = 5e-3;
    private static final double DECAY = 0.01;
    private static final double CLIP = 1;

    private final Path directory;
    private final Task task;
    private final PtNDManager memory;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final ModelWeights weights;
    private final Tuning tuning;
    final Golden golden;

    GoldenMethod(Path directory, Task task, ModelWeights base) throws IOException {
        this.directory = directory;
        this.task = task;
        this.memory = Torch.memory();
        this.golden = JsonMapper.shared().readValue(Files.readAllBytes(directory.resolve("golden.json")), Golden.class);
        TuningMethod method = method(String.valueOf(directory.getFileName()), base);
        this.weights = base.in(method.basePrecision(), memory);
        start(method).forEach(this::train);
        golden.classifier.forEach((name, values) -> {
            boolean bias = name.endsWith("bias");
            train(name, bias ? Tensor.of(values, values.length) : Tensor.of(values, 3, values.length / 3));
        });
        this.tuning = new Tuning(memory, weights, method, parameters.keySet());
    }

    private TuningMethod method(String name, ModelWeights base) {
        return switch (name) {
            case "qlora" -> TuningMethod.qlora(lora(base).settings());
            case "prefix" -> new TuningMethod.Prefix(prefix(base).tokens());
            case "full" -> new TuningMethod.Full(true, true);
            default -> new TuningMethod.HeadOnly();
        };
    }

    private LoraWeights lora(ModelWeights base) {
        return LoraDirectory.read(directory.resolve("adapter"), base.linears());
    }

    private PrefixWeights prefix(ModelWeights base) {
        return PrefixDirectory.read(directory.resolve("adapter"), base.attention());
    }

    private Map<String, Tensor> start(TuningMethod method) {
        return switch (method) {
            case TuningMethod.Lora _ -> lora(weights).tensors();
            case TuningMethod.Prefix _ ->
                Map.of(PrefixWeights.EMBEDDINGS, prefix(weights).embeddings());
            case TuningMethod.Full _ -> tensors(_ -> true);
            case TuningMethod.HeadOnly _ ->
                tensors(name -> golden.classifier.isEmpty() && name.equals("lm_head.weight"));
        };
    }

    private Map<String, Tensor> tensors(Predicate<String> chosen) {
        Map<String, Tensor> tensors = new TreeMap<>();
        weights.arrays().forEach((name, array) -> {
            if (chosen.test(name)) {
                tensors.put(name, Torch.tensor(array));
            }
        });
        return tensors;
    }

    private void train(String name, Tensor tensor) {
        Tensor zeros = Tensor.of(new float[tensor.values().length], tensor.dimensions());
        parameters.put(name, Parameter.of(memory, name, tensor, zeros, zeros));
    }

    private Map<String, PtNDArray> values() {
        Map<String, PtNDArray> values = new HashMap<>();
        parameters.forEach((name, parameter) -> values.put(name, parameter.value()));
        return values;
    }

    private PtNDArray loss(PtNDManager scope) {
        return task.loss(
                scope,
                weights.with(tuning.replacements(values())),
                tuning.adapter(scope, values(), Draw.none()),
                values());
    }

    List<List<float[]>> logits() {
        Torch.inference();
        try (PtNDManager scope = Torch.within(memory)) {
            return task.logits(
                    scope,
                    weights.with(tuning.replacements(values())),
                    tuning.adapter(scope, values(), Draw.none()),
                    values());
        }
    }

    /** Of the loss, by the names of the trained arrays. */
    SortedMap<String, float[]> gradients() {
        Torch.training();
        try (PtNDManager scope = Torch.within(memory)) {
            JniUtils.backward(loss(scope), Torch.scalar(scope, 1), false, false);
            SortedMap<String, float[]> gradients = new TreeMap<>();
            parameters.forEach((name, parameter) -> {
                try (PtNDArray gradient = JniUtils.getGradient(parameter.value())) {
                    gradients.put(name, gradient.toFloatArray());
                }
                JniUtils.zeroGrad(parameter.value());
            });
            return gradients;
        } finally {
            Torch.inference();
        }
    }

    SortedMap<String, float[]> expectedGradients() {
        SortedMap<String, float[]> gradients = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("gradients.safetensors"))) {
            for (String name : file.names()) {
                String plain = name.replace("base_model.model.", "");
                boolean adapter = plain.endsWith("lora_A.weight") || plain.endsWith("lora_B.weight");
                gradients.put(
                        adapter ? plain.substring(0, plain.length() - ".weight".length()) : plain,
                        file.tensor(name).values());
            }
        }
        return gradients;
    }

    /** Steps of AdamW, as many as the golden ones, and the loss before each. */
    List<Double> losses() {
        List<Double> losses = new ArrayList<>();
        for (int t = 1; t <= golden.losses.size(); t++) {
            Torch.training();
            try (PtNDManager scope = Torch.within(memory)) {
                PtNDArray loss = loss(scope);
                JniUtils.backward(loss, Torch.scalar(scope, 1), false, false);
                losses.add((double) loss.getFloat());
                AdamW.step(scope, List.copyOf(parameters.values()), t, CLIP, SCHEDULE);
            } finally {
                Torch.inference();
            }
        }
        return losses;
    }

    private static final AdamW.Schedule SCHEDULE = new AdamW.Schedule() {
        @Override
        public double rate(Parameter parameter) {
            return RATE;
        }

        @Override
        public double decay(Parameter parameter) {
            return DECAY;
        }
    };

    int managedArrays() {
        return memory.getManagedArrays().size();
    }

    @Override
    public void close() {
        memory.close();
    }
}
