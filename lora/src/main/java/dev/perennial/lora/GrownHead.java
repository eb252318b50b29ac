package dev.perennial.lora;

import dev.perennial.lora.probe.LinearProbe;
import dev.perennial.lora.safetensors.Tensor;
import java.util.Arrays;

/**
 * A child's first head: a regression over the parent's vectors of the child's texts. Only for a label without such texts
 * is the parent's row kept, brought to the length of the others.
 *
 * <p>Keeping the other rows too would have the child unlearn them first: a head that is sure of the parent's texts is as
 * sure, and wrong, about new wording.
 */
record GrownHead(Tensor weight, Tensor bias) {
    static GrownHead of(ClassifierWeights parent, LinearProbe probe, int[] classes) {
        float[] known = parent.tensor(ClassifierWeights.HEAD_WEIGHT).values();
        float[] knownBias = parent.tensor(ClassifierWeights.HEAD_BIAS).values();
        int width = known.length / knownBias.length;
        float[] weight = probe.weight().clone();
        float[] bias = probe.bias().clone();
        float scale = (float) (length(weight, bias.length) / Math.max(length(known, knownBias.length), 1e-12));
        for (int row = 0; row < bias.length; row++) {
            int label = row;
            int parentRow = parent.labels().indexOf(probe.labels().get(row));
            if (parentRow >= 0 && Arrays.stream(classes).noneMatch(seen -> seen == label)) {
                for (int i = 0; i < width; i++) {
                    weight[row * width + i] = known[parentRow * width + i] * scale;
                }
                bias[row] = knownBias[parentRow] * scale;
            }
        }
        return new GrownHead(Tensor.of(weight, bias.length, width), Tensor.of(bias, bias.length));
    }

    /** Of a row, on average. */
    private static double length(float[] values, int rows) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum / rows);
    }
}
