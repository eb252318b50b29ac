package dev.perennial.lora.bert;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The weights of an encoder, read only; named as those of transformers' BertModel and RobertaModel.
 *
 * @param words word embeddings, [V,D]
 * @param positions position embeddings, [P,D], with the rows that no token of a RoBERTa text uses
 * @param types token type embeddings, [2 or 1,D]; an encoder of single sentences uses the first
 */
public record BertWeights(
        BertConfig config,
        PtNDArray words,
        PtNDArray positions,
        PtNDArray types,
        LayerNorm embeddingNorm,
        List<BertLayer> layers)
        implements ModelWeights {
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    private static final String TYPES = "embeddings.token_type_embeddings.weight";
    private static final String NORM = "embeddings.LayerNorm";
    private static final String LAYER = "encoder.layer.";

    public static BertWeights load(PtNDManager memory, BertConfig config, WeightSource source) {
        WeightLoader loader = new WeightLoader(new WeightArrays(memory, source, MatrixForm.DENSE), config);
        int d = config.width();
        PtNDArray words = loader.array(WORDS, config.vocabulary(), d);
        PtNDArray positions = loader.array(POSITIONS, config.firstPosition() + config.maxPositions(), d);
        PtNDArray types = loader.array(TYPES, config.tokenTypes(), d);
        LayerNorm norm = loader.norm(NORM);
        List<BertLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(loader.layer(prefix(i)));
        }
        return new BertWeights(config, words, positions, types, norm, List.copyOf(layers));
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
        return new AttentionShape(config.layers(), config.heads(), config.width() / config.heads());
    }

    @Override
    public int maxPositions() {
        return config.maxPositions();
    }

    @Override
    public WeightNames names() {
        return new WeightNames(LAYER, "embeddings.", config.layers());
    }

    @Override
    public Map<String, PtNDArray> arrays() {
        return WeightVisitor.collected(this::visited);
    }

    @Override
    public BertWeights with(Map<String, PtNDArray> replacements) {
        return WeightVisitor.replaced(replacements, this::visited);
    }

    private BertWeights visited(WeightVisitor visitor) {
        return new BertWeights(
                config,
                visitor.visit(WORDS, words),
                visitor.visit(POSITIONS, positions),
                visitor.visit(TYPES, types),
                embeddingNorm.visited(NORM, visitor),
                IntStream.range(0, layers.size())
                        .mapToObj(i -> layers.get(i).visited(prefix(i), visitor))
                        .toList());
    }

    @Override
    public BertWeights in(BasePrecision precision, PtNDManager memory) {
        List<BertLayer> narrow = layers.stream()
                .map(layer -> layer.mapped(linear -> FrozenForm.of(memory, linear, precision)))
                .toList();
        return new BertWeights(config, words, positions, types, embeddingNorm, narrow);
    }
}
