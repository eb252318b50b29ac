package dev.perennial.lora.adapter;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.HashMap;
import java.util.Map;

/** LoRA for inference: {@code y + B' (A x)}, the scale already in {@code B' = s B}; closing frees it. */
public final class LoraLayers implements Adapter, AutoCloseable {
    private final PtNDManager memory;
    private final Map<String, Pair> pairs = new HashMap<>();

    /** A [R,in] and B' [out,R]. */
    private record Pair(PtNDArray a, PtNDArray b) {}

    /** Copies the weights into a memory scope within {@code parent}. */
    public LoraLayers(PtNDManager parent, LoraWeights weights) {
        this.memory = Torch.within(parent);
        weights.tensors().forEach((name, a) -> {
            if (name.endsWith(LoraWeights.A)) {
                String path = name.substring(0, name.length() - LoraWeights.A.length());
                Tensor b = weights.tensor(path + LoraWeights.B);
                float[] scaled = b.values().clone();
                double scale = weights.settings().scale(path);
                for (int i = 0; i < scaled.length; i++) {
                    scaled[i] = (float) (scaled[i] * scale);
                }
                pairs.put(
                        path,
                        new Pair(
                                Torch.floats(memory, a.values(), a.dimensions()),
                                Torch.floats(memory, scaled, b.dimensions())));
            }
        });
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

    @Override
    public void close() {
        memory.close();
    }
}
