package dev.perennial.lora;

import dev.perennial.lora.safetensors.Tensor;
import java.util.List;

/** A head for a list of labels of which a parent knows some. */
record GrownHead(Tensor weight, Tensor bias) {
    static GrownHead of(ClassifierWeights parent, LinearProbe probe) {
        List<String> labels = probe.labels();
        float[] known = parent.tensor(ClassifierWeights.HEAD_WEIGHT).values();
        float[] knownBias = parent.tensor(ClassifierWeights.HEAD_BIAS).values();
        int width = known.length / knownBias.length;
        float[] weight = probe.weight().clone();
        float[] bias = probe.bias().clone();
        float growth = (float)
                (norm(known) / Math.max(norm(weight), 1e-12) * Math.sqrt(bias.length / (double) knownBias.length));
        for (int row = 0; row < bias.length; row++) {
            int parentRow = parent.labels().indexOf(labels.get(row));
            if (parentRow >= 0) {
                System.arraycopy(known, parentRow * width, weight, row * width, width);
                bias[row] = knownBias[parentRow];
            } else {
                scale(weight, row * width, width, growth);
                bias[row] *= growth;
            }
        }
        return new GrownHead(Tensor.of(weight, bias.length, width), Tensor.of(bias, bias.length));
    }

    private static void scale(float[] values, int from, int count, float factor) {
        for (int i = from; i < from + count; i++) {
            values[i] *= factor;
        }
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
