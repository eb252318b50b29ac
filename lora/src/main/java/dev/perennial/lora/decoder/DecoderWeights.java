package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.WeightArrays;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The weights of a decoder, read only.
 *
 * @param words word embeddings, [V,D]
 * @param norm after the last layer
 * @param head from the last layer to logits, [V,D]; the word embeddings themselves if the model ties them
 * @param headScale what the queries are multiplied with: one over the root of a head's width
 */
public record DecoderWeights(
        DecoderConfig config,
        PtNDArray words,
        List<DecoderLayer> layers,
        RmsNorm norm,
        PtNDArray head,
        PtNDArray headScale) {

    static DecoderWeights load(PtNDManager memory, DecoderConfig config, WeightSource source) {
        WeightArrays arrays = new WeightArrays(memory, source);
        int v = config.vocabulary();
        int d = config.width();
        PtNDArray epsilon = Torch.scalar(memory, config.normEpsilon());
        PtNDArray words = arrays.array("model.embed_tokens.weight", v, d);
        List<DecoderLayer> layers = IntStream.range(0, config.layers())
                .mapToObj(i -> layer(arrays, config, "model.layers." + i + ".", epsilon))
                .toList();
        return new DecoderWeights(
                config,
                words,
                layers,
                new RmsNorm(arrays.array("model.norm.weight", d), epsilon),
                config.tiedHead() ? words : arrays.array("lm_head.weight", v, d),
                Torch.scalar(memory, 1 / Math.sqrt(config.headWidth())));
    }

    private static DecoderLayer layer(WeightArrays arrays, DecoderConfig config, String layer, PtNDArray epsilon) {
        int d = config.width();
        int f = config.feedForward();
        int queries = config.heads() * config.headWidth();
        int keys = config.keyValueHeads() * config.headWidth();
        String attention = layer + "self_attn.";
        String feedForward = layer + "mlp.";
        return new DecoderLayer(
                new RmsNorm(arrays.array(layer + "input_layernorm.weight", d), epsilon),
                linear(arrays, attention, "q_proj", queries, d, config.projectionBias()),
                linear(arrays, attention, "k_proj", keys, d, config.projectionBias()),
                linear(arrays, attention, "v_proj", keys, d, config.projectionBias()),
                linear(arrays, attention, "o_proj", d, queries, config.outputBias()),
                new RmsNorm(arrays.array(layer + "post_attention_layernorm.weight", d), epsilon),
                linear(arrays, feedForward, "gate_proj", f, d, config.feedForwardBias()),
                linear(arrays, feedForward, "up_proj", f, d, config.feedForwardBias()),
                linear(arrays, feedForward, "down_proj", d, f, config.feedForwardBias()));
    }

    private static Linear linear(WeightArrays arrays, String block, String target, int out, int in, boolean biased) {
        return arrays.linear(block + target, target, out, in, biased);
    }

    /** All that can carry an adapter, from the first layer up. */
    public List<Linear> linears() {
        return layers.stream().flatMap(layer -> layer.linears().stream()).toList();
    }
}
