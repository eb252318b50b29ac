package dev.perennial.lora.decoder;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.model.AttentionShape;
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.MatrixForm;
import dev.perennial.lora.model.ModelWeights;
import dev.perennial.lora.model.WeightArrays;
import dev.perennial.lora.model.WeightNames;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.model.WeightVisitor;
import dev.perennial.lora.quantization.FrozenForm;
import dev.perennial.lora.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The weights of a decoder, read only; named as those of transformers' LlamaForCausalLM and Qwen2ForCausalLM.
 *
 * @param words word embeddings, [V,D]
 * @param norm after the last layer
 * @param head from the last layer to logits, [V,D]; the word embeddings themselves if the model ties them
 */
public record DecoderWeights(
        DecoderConfig config, PtNDArray words, List<DecoderLayer> layers, RmsNorm norm, PtNDArray head)
        implements ModelWeights {
    private static final String WORDS = "model.embed_tokens.weight";
    private static final String NORM = "model.norm";
    private static final String HEAD = "lm_head.weight";
    private static final String LAYER = "model.layers.";

    static DecoderWeights load(PtNDManager memory, DecoderConfig config, WeightSource source) {
        return load(memory, config, source, MatrixForm.DENSE);
    }

    static DecoderWeights load(PtNDManager memory, DecoderConfig config, WeightSource source, MatrixForm linears) {
        WeightArrays arrays = new WeightArrays(memory, source, linears);
        int v = config.vocabulary();
        int d = config.width();
        PtNDArray epsilon = Torch.scalar(memory, config.normEpsilon());
        PtNDArray words = arrays.array(WORDS, v, d);
        List<DecoderLayer> layers = IntStream.range(0, config.layers())
                .mapToObj(i -> layer(arrays, config, prefix(i), epsilon))
                .toList();
        return new DecoderWeights(
                config,
                words,
                layers,
                new RmsNorm(arrays.array(NORM + ".weight", d), epsilon),
                config.tiedHead() ? words : arrays.array(HEAD, v, d));
    }

    private static DecoderLayer layer(WeightArrays arrays, DecoderConfig config, String layer, PtNDArray epsilon) {
        int d = config.width();
        int f = config.feedForward();
        int queries = config.heads() * config.headWidth();
        int keys = config.keyValueHeads() * config.headWidth();
        String attention = layer + "self_attn.";
        String feedForward = layer + "mlp.";
        return new DecoderLayer(
                new RmsNorm(arrays.array(layer + DecoderLayer.ATTENTION_NORM + ".weight", d), epsilon),
                linear(arrays, attention, "q_proj", queries, d, config.projectionBias()),
                linear(arrays, attention, "k_proj", keys, d, config.projectionBias()),
                linear(arrays, attention, "v_proj", keys, d, config.projectionBias()),
                linear(arrays, attention, "o_proj", d, queries, config.outputBias()),
                new RmsNorm(arrays.array(layer + DecoderLayer.FEED_FORWARD_NORM + ".weight", d), epsilon),
                linear(arrays, feedForward, "gate_proj", f, d, config.feedForwardBias()),
                linear(arrays, feedForward, "up_proj", f, d, config.feedForwardBias()),
                linear(arrays, feedForward, "down_proj", d, f, config.feedForwardBias()));
    }

    private static Linear linear(WeightArrays arrays, String block, String target, int out, int in, boolean biased) {
        return arrays.linear(block + target, target, out, in, biased);
    }

    private static String prefix(int layer) {
        return LAYER + layer + ".";
    }

    @Override
    public List<Linear> linears() {
        return layers.stream().flatMap(layer -> layer.linears().stream()).toList();
    }

    @Override
    public AttentionShape attention() {
        return new AttentionShape(config.layers(), config.keyValueHeads(), config.headWidth());
    }

    @Override
    public int maxPositions() {
        return config.maxPositions();
    }

    @Override
    public WeightNames names() {
        return new WeightNames(LAYER, WORDS, config.layers());
    }

    @Override
    public Map<String, PtNDArray> arrays() {
        return WeightVisitor.collected(this::visited);
    }

    @Override
    public DecoderWeights with(Map<String, PtNDArray> replacements) {
        return WeightVisitor.replaced(replacements, this::visited);
    }

    private DecoderWeights visited(WeightVisitor visitor) {
        PtNDArray newWords = visitor.visit(WORDS, words);
        List<DecoderLayer> newLayers = IntStream.range(0, layers.size())
                .mapToObj(i -> layers.get(i).visited(prefix(i), visitor))
                .toList();
        RmsNorm newNorm = norm.visited(NORM, visitor);
        PtNDArray newHead = config.tiedHead() ? newWords : visitor.visit(HEAD, head);
        return new DecoderWeights(config, newWords, newLayers, newNorm, newHead);
    }

    @Override
    public DecoderWeights in(BasePrecision precision, PtNDManager memory) {
        List<DecoderLayer> narrow = layers.stream()
                .map(layer -> layer.mapped(linear -> FrozenForm.of(memory, linear, precision)))
                .toList();
        return new DecoderWeights(config, words, narrow, norm, head);
    }
}
