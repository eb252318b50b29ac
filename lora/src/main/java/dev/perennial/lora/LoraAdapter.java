package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.HashMap;
import java.util.Map;

/**
 * LoRA for inference: {@code y + (alpha/R B) (A x)}, the factor already in B.
 *
 * <p>Source: Hu et al., arXiv:2106.09685, section 4.1.
 */
record LoraAdapter(Map<String, Pair> pairs) implements Adapter {
    /** A [R,in] and B [out,R]. */
    record Pair(PtNDArray a, PtNDArray b) {}

    static LoraAdapter of(PtNDManager memory, ClassifierWeights weights) {
        Map<String, Pair> pairs = new HashMap<>();
        for (String name : weights.tensors().keySet()) {
            if (name.endsWith(ClassifierWeights.A)) {
                String path = name.substring(0, name.length() - ClassifierWeights.A.length());
                Tensor a = weights.tensor(name);
                Tensor b = weights.tensor(path + ClassifierWeights.B);
                float[] scaled = scaled(b.values(), (float) weights.lora().scale());
                pairs.put(
                        path,
                        new Pair(
                                Torch.floats(memory, a.values(), a.dimensions()),
                                Torch.floats(memory, scaled, b.dimensions())));
            }
        }
        return new LoraAdapter(Map.copyOf(pairs));
    }

    private static float[] scaled(float[] values, float factor) {
        float[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= factor;
        }
        return result;
    }

    @Override
    public PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y) {
        Pair pair = pairs.get(linear.path());
        if (pair == null) {
            return y;
        }
        PtNDArray narrow = JniUtils.linear(x, pair.a, null); // [B,T,R]
        return JniUtils.add(y, JniUtils.linear(narrow, pair.b, null)); // [B,T,out]
    }
}
