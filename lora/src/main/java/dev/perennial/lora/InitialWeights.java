package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a run starts from. A is uniform in +-1/sqrt(in) as in peft and B is zero, so that the adapted encoder is the bare
 * one; the head is a softmax regression over its vectors, so that training starts from the linear probe's accuracy.
 */
record InitialWeights(TextEncoder encoder, Examples train, List<String> labels, TrainingConfig config) {
    ClassifierWeights fresh() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Linear linear : encoder.model().weights().linears()) {
            if (config.lora().targetModules().contains(linear.target())) {
                addAdapter(linear, tensors);
            }
        }
        LinearProbe head = probe(Adapter.NONE);
        tensors.put(ClassifierWeights.HEAD_WEIGHT, Tensor.of(head.weight(), labels.size(), encoder.width()));
        tensors.put(ClassifierWeights.HEAD_BIAS, Tensor.of(head.bias(), labels.size()));
        return new ClassifierWeights(config.lora(), labels, tensors);
    }

    /** The parent's adapters under a head that a regression over the parent's vectors gives. */
    ClassifierWeights continued(ClassifierWeights parent) {
        SortedMap<String, Tensor> tensors = new TreeMap<>(parent.tensors());
        try (PtNDManager memory = Torch.memory()) {
            GrownHead head = GrownHead.of(parent, probe(LoraAdapter.of(memory, parent)), train.classes());
            tensors.put(ClassifierWeights.HEAD_WEIGHT, head.weight());
            tensors.put(ClassifierWeights.HEAD_BIAS, head.bias());
        }
        return new ClassifierWeights(parent.lora(), labels, tensors);
    }

    private void addAdapter(Linear linear, SortedMap<String, Tensor> tensors) {
        int rank = config.lora().rank();
        float[] a = new float[rank * linear.in()];
        Random random = new Random(Seeds.mix(config.seed(), linear.path().hashCode()));
        double bound = 1 / Math.sqrt(linear.in());
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        tensors.put(linear.path() + ClassifierWeights.A, Tensor.of(a, rank, linear.in()));
        tensors.put(linear.path() + ClassifierWeights.B, Tensor.of(new float[rank * linear.out()], linear.out(), rank));
    }

    private LinearProbe probe(Adapter adapter) {
        float[][] embeddings = encoder.run(train.tokens(), adapter, UnaryOperator.identity());
        return LinearProbe.fit(labels, embeddings, train.classes(), train.weights());
    }
}
