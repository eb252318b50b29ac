package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** LoRA of rank 4 with random values and a dropout that is a function of the place alone. */
public final class TrainedPairs implements Adapter {
    private static final int RANK = 4;

    private final Map<String, PtNDArray> arrays = new TreeMap<>();
    private final double dropout;

    public TrainedPairs(PtNDManager memory, List<Linear> linears, double dropout) {
        this.dropout = dropout;
        for (Linear linear : linears) {
            put(memory, linear.path() + ".lora_A", RANK, linear.in());
            put(memory, linear.path() + ".lora_B", linear.out(), RANK);
        }
    }

    private void put(PtNDManager memory, String name, int rows, int columns) {
        Random random = new Random(name.hashCode());
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.1f * (float) random.nextGaussian();
        }
        PtNDArray array = Torch.floats(memory, values, rows, columns);
        array.setRequiresGradient(true);
        arrays.put(name, array);
    }

    public Map<String, PtNDArray> arrays() {
        return arrays;
    }

    @Override
    public PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y) {
        PtNDArray a = arrays.get(linear.path() + ".lora_A");
        PtNDArray b = arrays.get(linear.path() + ".lora_B");
        if (a == null || b == null) {
            return y;
        }
        PtNDArray narrow = JniUtils.linear(dropped(linear.path(), x), a, null);
        return JniUtils.add(y, JniUtils.linear(narrow, b, null));
    }

    private PtNDArray dropped(String place, PtNDArray x) {
        if (dropout == 0) {
            return x;
        }
        Random random = new Random(place.hashCode());
        float[] mask = new float[(int) x.size()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextDouble() < dropout ? 0 : (float) (1 / (1 - dropout));
        }
        return JniUtils.mul(x, Torch.floats(x.getManager(), mask, x.getShape().getShape()));
    }
}
