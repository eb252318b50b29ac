package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDArray;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.WeightArrays;

/** Takes weights from a source into the engine, each checked against the shape that the configuration calls for. */
record WeightLoader(WeightArrays arrays, BertConfig config) {
    static final String ATTENTION_NORM = "attention.output.LayerNorm";
    static final String OUTPUT_NORM = "output.LayerNorm";

    BertLayer layer(String prefix) {
        int d = config.width();
        int f = config.feedForward();
        return new BertLayer(
                linear(prefix, "attention.self.", "query", d, d),
                linear(prefix, "attention.self.", "key", d, d),
                linear(prefix, "attention.self.", "value", d, d),
                linear(prefix, "", "attention.output.dense", d, d),
                norm(prefix + ATTENTION_NORM),
                linear(prefix, "", "intermediate.dense", f, d),
                linear(prefix, "", "output.dense", d, f),
                norm(prefix + OUTPUT_NORM));
    }

    private Linear linear(String layer, String block, String target, int out, int in) {
        String path = layer + block + target;
        return arrays.linear(path, target, out, in, true);
    }

    LayerNorm norm(String path) {
        return new LayerNorm(
                array(path + ".weight", config.width()),
                array(path + ".bias", config.width()),
                config.layerNormEpsilon());
    }

    PtNDArray array(String name, long... shape) {
        return arrays.array(name, shape);
    }
}
