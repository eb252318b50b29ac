package dev.perennial.lora.export;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraLayers;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.bert.TokenBatch;
import dev.perennial.lora.decoder.Decoder;
import dev.perennial.lora.decoder.DecoderBatch;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What models of a kind compute, to compare two of them. */
enum Family {
    DECODER {
        @Override
        List<String> spellings(String name) {
            return List.of(name);
        }

        // logits, [T*V]
        @Override
        float[] outputs(
                Path directory, UnaryOperator<WeightSource> change, @Nullable LoraWeights lora, @Nullable Tensor head) {
            Torch.inference();
            try (DecoderModel model = DecoderModel.open(directory, change);
                    Layers layers = Layers.of(model.memory(), lora);
                    PtNDManager scope = Torch.within(model.memory())) {
                List<long[]> texts = List.of(
                        tokens(model.config().vocabulary(), model.config().maxPositions()));
                PtNDArray hidden = Decoder.hidden(
                        model.weights(), layers.adapter(), DecoderBatch.of(scope, model.config(), texts)); // [1,T,D]
                PtNDArray logits = head == null
                        ? Decoder.logits(model.weights(), hidden)
                        : JniUtils.linear(hidden, Torch.floats(scope, head.values(), head.dimensions()), null);
                return logits.toFloatArray();
            }
        }
    },

    ENCODER {
        @Override
        List<String> spellings(String name) {
            return BertDirectory.spellings(name);
        }

        // the last layer's vectors, [T*D]
        @Override
        float[] outputs(
                Path directory, UnaryOperator<WeightSource> change, @Nullable LoraWeights lora, @Nullable Tensor head) {
            Torch.inference();
            try (BertModel model = BertDirectory.load(directory, change);
                    Layers layers = Layers.of(model.memory(), lora);
                    PtNDManager scope = Torch.within(model.memory())) {
                long[] text = tokens(
                        model.weights().config().vocabulary(),
                        model.weights().config().maxPositions());
                TokenBatch batch = TokenBatch.of(scope, List.of(text), model.pooling());
                return BertEncoder.hidden(model.weights(), layers.adapter(), batch)
                        .toFloatArray();
            }
        }
    };

    private static final int TOKENS = 8;

    static Family of(ConfigJson config) {
        return Set.of("bert", "roberta").contains(config.textOr("model_type", "bert")) ? ENCODER : DECODER;
    }

    /** The names that a weight can have in a file. */
    abstract List<String> spellings(String name);

    /**
     * What a model computes of a few tokens.
     *
     * @param change from the directory's weights to those of the model
     * @param head instead of the model's own
     */
    abstract float[] outputs(
            Path directory, UnaryOperator<WeightSource> change, @Nullable LoraWeights lora, @Nullable Tensor head);

    /** From all over the vocabulary. */
    private static long[] tokens(int vocabulary, int positions) {
        long[] tokens = new long[Math.min(TOKENS, positions)];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = (long) vocabulary * (2 * i + 1) / (2 * TOKENS);
        }
        return tokens;
    }

    /** LoRA or nothing. */
    private record Layers(Adapter adapter, @Nullable LoraLayers owned) implements AutoCloseable {
        static Layers of(PtNDManager memory, @Nullable LoraWeights lora) {
            LoraLayers owned = lora == null ? null : new LoraLayers(memory, lora);
            return new Layers(owned == null ? Adapter.NONE : owned, owned);
        }

        @Override
        public void close() {
            if (owned != null) {
                owned.close();
            }
        }
    }
}
