package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.tensor.Torch;
import java.util.HashMap;
import java.util.Map;

/** LoRA while it is trained: {@code y + s B (A dropout(x))}, A and B among the trained arrays. */
final class LoraTraining {
    private final LoraSettings settings;
    private final Map<String, PtNDArray> scales = new HashMap<>();

    /** Keeps the scales s in {@code memory}. */
    LoraTraining(PtNDManager memory, LoraSettings settings, Iterable<String> trained) {
        this.settings = settings;
        for (String name : trained) {
            if (name.endsWith(LoraWeights.A)) {
                String path = name.substring(0, name.length() - LoraWeights.A.length());
                scales.put(path, Torch.scalar(memory, settings.scale(path)));
            }
        }
    }

    /** The adapter of one part of a step. */
    Adapter adapter(PtNDManager scope, Map<String, PtNDArray> trained, Draw draw) {
        Dropout dropout = draw.dropout(settings.dropout());
        return (linear, x, y) -> adapted(scope, trained, dropout, linear, x, y);
    }

    private PtNDArray adapted(
            PtNDManager scope,
            Map<String, PtNDArray> trained,
            Dropout dropout,
            Linear linear,
            PtNDArray x,
            PtNDArray y) {
        PtNDArray scale = scales.get(linear.path());
        PtNDArray a = trained.get(linear.path() + LoraWeights.A);
        PtNDArray b = trained.get(linear.path() + LoraWeights.B);
        if (scale == null || a == null || b == null) {
            return y;
        }
        PtNDArray kept = dropout.apply(scope, linear.path(), x); // [B,T,in]
        PtNDArray narrow = JniUtils.mul(JniUtils.linear(kept, a, null), scale); // [B,T,R]
        return JniUtils.add(y, JniUtils.linear(narrow, b, null)); // [B,T,out]
    }
}
