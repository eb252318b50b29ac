package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.adapter.LoraSettings;
import dev.perennial.lora.adapter.LoraWeights;
import dev.perennial.lora.adapter.Prefix;
import dev.perennial.lora.adapter.PrefixWeights;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.KeyValues;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.ModelWeights;
import dev.perennial.lora.model.WeightNames;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How trained arrays take part in a forward pass, by their names: those of the base replace its own, the others make the
 * adapter.
 */
final class Tuning {
    private final ModelWeights base;
    private final Set<String> own;
    private final double dropout;
    private final Map<String, PtNDArray> scales = new HashMap<>();

    /**
     * Keeps scales in {@code memory}.
     *
     * @param trained names of all that is trained
     */
    Tuning(PtNDManager memory, ModelWeights base, TuningMethod method, Set<String> trained) {
        this.base = base;
        this.own = new HashSet<>(trained);
        own.retainAll(base.arrays().keySet());
        LoraSettings settings = method instanceof TuningMethod.Lora lora ? lora.settings() : null;
        this.dropout = settings == null ? 0 : settings.dropout();
        if (settings != null) {
            for (Linear linear : base.linears()) {
                if (trained.contains(linear.path() + LoraWeights.A)) {
                    scales.put(linear.path(), Torch.scalar(memory, settings.scale(linear.path())));
                }
            }
        }
    }

    /**
     * What a run without a parent trains of a model, a head of another kind apart.
     *
     * @throws IllegalArgumentException if the model has nothing of the kind
     */
    static SortedMap<String, Tensor> fresh(ModelWeights base, TrainingConfig config) {
        return switch (config.method()) {
            case TuningMethod.Lora lora ->
                LoraWeights.fresh(lora.settings(), adaptable(base, config), config.seed())
                        .tensors();
            case TuningMethod.Prefix prefix ->
                new TreeMap<>(Map.of(
                        PrefixWeights.EMBEDDINGS,
                        PrefixWeights.fresh(base.attention(), prefix.tokens(), config.seed())
                                .embeddings()));
            case TuningMethod.Full full -> own(base, config, full);
            case TuningMethod.HeadOnly _ -> new TreeMap<>();
        };
    }

    private static List<Linear> adaptable(ModelWeights base, TrainingConfig config) {
        return base.linears().stream()
                .filter(linear -> !frozen(base, config, linear.path()))
                .toList();
    }

    private static boolean frozen(ModelWeights base, TrainingConfig config, String name) {
        int layers = base.names().layers();
        if (!config.frozenLayers().isEmpty() && config.frozenLayers().last() >= layers) {
            throw new IllegalArgumentException("frozenLayers names layer %d, the model has %d, counted from 0"
                    .formatted(config.frozenLayers().last(), layers));
        }
        return config.frozenLayers().contains(base.names().layer(name));
    }

    private static SortedMap<String, Tensor> own(ModelWeights base, TrainingConfig config, TuningMethod.Full full) {
        WeightNames names = base.names();
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        base.arrays().forEach((name, array) -> {
            boolean embedding = names.layer(name) == WeightNames.EMBEDDINGS;
            if (!frozen(base, config, name)
                    && (full.embeddings() || !embedding)
                    && (full.norms() || !names.isNorm(name))) {
                tensors.put(name, Torch.tensor(array));
            }
        });
        return tensors;
    }

    /** The arrays that are to replace the base's. */
    Map<String, PtNDArray> replacements(Map<String, PtNDArray> trained) {
        Map<String, PtNDArray> replacements = new HashMap<>(trained);
        replacements.keySet().retainAll(own);
        return replacements;
    }

    /** The lowest layer with anything trained in it: 0 if something below the layers is, or a prefix before them. */
    static int lowestLayer(ModelWeights base, Set<String> trained) {
        if (trained.contains(PrefixWeights.EMBEDDINGS)) {
            return 0;
        }
        return trained.stream()
                .mapToInt(name -> Math.max(0, base.names().layer(name)))
                .min()
                .orElse(base.names().layers());
    }

    /** The adapter of one part of a step; what it makes lives in {@code scope}. */
    Adapter adapter(PtNDManager scope, Map<String, PtNDArray> trained, Draw draw) {
        PtNDArray prefix = trained.get(PrefixWeights.EMBEDDINGS);
        return new Training(
                scope, trained, draw.dropout(dropout), prefix == null ? null : new Prefix(base.attention(), prefix));
    }

    private final class Training implements Adapter {
        private final PtNDManager scope;
        private final Map<String, PtNDArray> trained;
        private final Dropout dropout;
        private final @Nullable Prefix prefix;

        Training(PtNDManager scope, Map<String, PtNDArray> trained, Dropout dropout, @Nullable Prefix prefix) {
            this.scope = scope;
            this.trained = trained;
            this.dropout = dropout;
            this.prefix = prefix;
        }

        /** {@code y + s B (A dropout(x))} */
        @Override
        public PtNDArray adapt(Linear linear, PtNDArray x, PtNDArray y) {
            PtNDArray scale = scales.get(linear.path());
            PtNDArray a = trained.get(linear.path() + LoraWeights.A);
            PtNDArray b = trained.get(linear.path() + LoraWeights.B);
            if (scale == null || a == null || b == null) {
                return y;
            }
            PtNDArray kept = dropout.apply(x.getManager(), linear.path(), x); // [B,T,in]
            PtNDArray narrow = JniUtils.mul(JniUtils.linear(kept, a, null), scale); // [B,T,R]
            return JniUtils.add(y, JniUtils.linear(narrow, b, null)); // [B,T,out]
        }

        @Override
        public int prefixTokens() {
            return prefix == null ? 0 : prefix.tokens();
        }

        @Override
        public @Nullable KeyValues prefix(int layer) {
            return prefix == null ? null : prefix.layer(scope, layer);
        }
    }
}
