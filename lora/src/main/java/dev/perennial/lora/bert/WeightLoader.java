package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.Arrays;

/** Takes weights from a source into the engine, each checked against the shape that the configuration calls for. */
record WeightLoader(PtNDManager memory, BertConfig config, WeightSource source) {
    BertLayer layer(String prefix) {
        int d = config.width();
        int f = config.feedForward();
        return new BertLayer(
                linear(prefix, "attention.self.", "query", d, d),
                linear(prefix, "attention.self.", "key", d, d),
                linear(prefix, "attention.self.", "value", d, d),
                linear(prefix, "", "attention.output.dense", d, d),
                norm(prefix + "attention.output.LayerNorm"),
                linear(prefix, "", "intermediate.dense", f, d),
                linear(prefix, "", "output.dense", d, f),
                norm(prefix + "output.LayerNorm"));
    }

    private Linear linear(String layer, String block, String target, int out, int in) {
        String path = layer + block + target;
        return new Linear(path, target, array(path + ".weight", out, in), array(path + ".bias", out));
    }

    LayerNorm norm(String path) {
        return new LayerNorm(
                array(path + ".weight", config.width()),
                array(path + ".bias", config.width()),
                config.layerNormEpsilon());
    }

    PtNDArray array(String name, long... shape) {
        Tensor tensor = source.tensor(name);
        if (!tensor.equalsShape(shape)) {
            throw new ModelFormatException("weight '%s' has the shape %s, its config calls for %s"
                    .formatted(name, tensor.shape(), Arrays.toString(shape)));
        }
        if (!tensor.finite()) {
            throw new ModelFormatException("weight '" + name + "' holds values that are no finite numbers");
        }
        return Torch.floats(memory, tensor.values(), shape);
    }

    /** {@code 1 / sqrt(D / H)}. */
    PtNDArray headScale() {
        return Torch.scalar(memory, 1 / Math.sqrt(config.width() / (double) config.heads()));
    }
}
