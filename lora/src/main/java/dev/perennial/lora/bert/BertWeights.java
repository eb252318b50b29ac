package dev.perennial.lora.bert;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.WeightArrays;
import dev.perennial.lora.model.WeightSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of an encoder, read only.
 *
 * @param words [V,D]
 * @param positions position embeddings with the first token type's already added, [P,D]: an encoder of single sentences
 *     has no second type
 * @param headScale what the queries are multiplied with: one over the root of a head's width
 */
public record BertWeights(
        BertConfig config,
        PtNDArray words,
        PtNDArray positions,
        LayerNorm embeddingNorm,
        List<BertLayer> layers,
        PtNDArray headScale) {

    public static BertWeights load(PtNDManager memory, BertConfig config, WeightSource source) {
        WeightLoader loader = new WeightLoader(new WeightArrays(memory, source), config);
        int d = config.width();
        PtNDArray words = loader.array("embeddings.word_embeddings.weight", config.vocabulary(), d);
        PtNDArray positions = positions(loader, config);
        PtNDArray types = loader.array("embeddings.token_type_embeddings.weight", config.tokenTypes(), d);
        try (PtNDArray first = JniUtils.slice(types, 0, 0, 1, 1)) { // [1,D]
            JniUtils.addi(positions, first);
        }
        types.close();
        LayerNorm norm = loader.norm("embeddings.LayerNorm");
        List<BertLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(loader.layer("encoder.layer." + i + "."));
        }
        return new BertWeights(config, words, positions, norm, List.copyOf(layers), loader.headScale());
    }

    /** The rows that tokens use, [P,D]. */
    private static PtNDArray positions(WeightLoader loader, BertConfig config) {
        int first = config.firstPosition();
        int rows = first + config.maxPositions();
        PtNDArray table = loader.array("embeddings.position_embeddings.weight", rows, config.width());
        if (first == 0) {
            return table;
        }
        try (table;
                PtNDArray used = JniUtils.slice(table, 0, first, rows, 1)) {
            return JniUtils.clone(used);
        }
    }

    /** All that can carry an adapter, from the first layer up. */
    public List<Linear> linears() {
        return layers.stream().flatMap(layer -> layer.linears().stream()).toList();
    }
}
