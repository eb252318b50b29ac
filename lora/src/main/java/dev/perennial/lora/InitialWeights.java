package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.adapter.LoraLayers;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a run starts from. A is uniform in +-1/sqrt(in) as in peft and B is zero, so that the adapted encoder is the bare
 * one; the head is a softmax regression over its vectors, so that training starts from the linear probe's accuracy.
 */
record InitialWeights(TextEncoder encoder, Examples train, List<String> labels, TrainingConfig config) {
    Trained fresh() {
        SortedMap<String, Tensor> tensors = new TreeMap<>(adapters(config.method()));
        LinearProbe head = probe(Adapter.NONE);
        tensors.put(ClassifierWeights.HEAD_WEIGHT, Tensor.of(head.weight(), labels.size(), encoder.width()));
        tensors.put(ClassifierWeights.HEAD_BIAS, Tensor.of(head.bias(), labels.size()));
        return new Trained(config.method(), tensors);
    }

    private SortedMap<String, Tensor> adapters(TuningMethod method) {
        if (!(method instanceof TuningMethod.Lora lora)) {
            throw new IllegalArgumentException(method + " is not supported");
        }
        return LoraWeights.fresh(lora.settings(), encoder.model().weights().linears(), config.seed())
                .tensors();
    }

    /** The parent's adapters under a head that a regression over the parent's vectors gives. */
    Trained continued(ClassifierWeights parent) {
        SortedMap<String, Tensor> tensors = new TreeMap<>(parent.tensors());
        try (PtNDManager memory = Torch.memory();
                LoraLayers adapter =
                        new LoraLayers(memory, parent.trained().lora().orElseThrow())) {
            GrownHead head = GrownHead.of(parent, probe(adapter), train.classes());
            tensors.put(ClassifierWeights.HEAD_WEIGHT, head.weight());
            tensors.put(ClassifierWeights.HEAD_BIAS, head.bias());
        }
        return new Trained(parent.trained().method(), tensors);
    }

    private LinearProbe probe(Adapter adapter) {
        float[][] embeddings = encoder.run(train.tokens(), adapter, UnaryOperator.identity());
        return LinearProbe.fit(labels, embeddings, train.classes(), train.weights());
    }
}
