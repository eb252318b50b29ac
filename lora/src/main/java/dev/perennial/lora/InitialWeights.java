package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.probe.LinearProbe;
import dev.perennial.lora.recipe.TrainingConfig;
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
        SortedMap<String, Tensor> tensors =
                new TreeMap<>(Tuning.fresh(encoder.model().weights(), config));
        LinearProbe head = probe(encoder.model().weights(), Adapter.NONE);
        tensors.put(ClassifierWeights.HEAD_WEIGHT, Tensor.of(head.weight(), labels.size(), encoder.width()));
        tensors.put(ClassifierWeights.HEAD_BIAS, Tensor.of(head.bias(), labels.size()));
        return new Trained(config.method(), tensors);
    }

    /** The parent's adapters under a head that a regression over the parent's vectors gives. */
    Trained continued(ClassifierWeights parent) {
        Tuning.requireUnfrozen(encoder.model().weights(), config, parent.trained());
        Trained start = new Trained(config.method(), new TreeMap<>()).continued(parent.trained());
        SortedMap<String, Tensor> tensors = new TreeMap<>(start.tensors());
        try (PtNDManager memory = Torch.memory()) {
            Tuned tuned = Tuned.of(memory, encoder.model().weights(), parent.trained());
            BertWeights weights = encoder.model().weights().with(tuned.replacements());
            GrownHead head = GrownHead.of(parent, probe(weights, tuned.adapter()), train.classes());
            tensors.put(ClassifierWeights.HEAD_WEIGHT, head.weight());
            tensors.put(ClassifierWeights.HEAD_BIAS, head.bias());
        }
        return new Trained(start.method(), tensors);
    }

    private LinearProbe probe(BertWeights weights, Adapter adapter) {
        float[][] embeddings = encoder.run(weights, train.tokens(), adapter, UnaryOperator.identity());
        return LinearProbe.fit(labels, embeddings, train.classes(), train.weights());
    }
}
