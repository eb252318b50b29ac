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
import dev.perennial.lora.model.BasePrecision;
import dev.perennial.lora.model.Chains;
import dev.perennial.lora.model.KeyValues;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.model.Linear;
import dev.perennial.lora.model.Loss;
import dev.perennial.lora.model.ModelWeights;
import dev.perennial.lora.model.WeightNames;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How trained arrays take part in a forward pass, by their names: those of the base replace its own, the others make the
 * adapter.
 */
final class Tuning {
    private final ModelWeights base;
    private final Set<String> own;
    private final PtNDManager memory;

    /** Layers from the bottom in which nothing is trained. */
    private final int depth;

    /** Whether something below the layers is trained. */
    private final boolean embeddings;

    private @Nullable FrozenLayers frozen;
    private final double dropout;
    private final Map<String, PtNDArray> scales = new HashMap<>();

    /**
     * Keeps scales and what frozen layers give in {@code memory}.
     *
     * @param trained names of all that is trained
     */
    Tuning(PtNDManager memory, ModelWeights base, TuningMethod method, Set<String> trained) {
        this.base = base;
        this.memory = memory;
        this.depth = frozenBelow(base.names(), trained);
        this.embeddings =
                own(base, trained).stream().anyMatch(name -> base.names().layer(name) == WeightNames.EMBEDDINGS);
        this.own = own(base, trained);
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

    /** How many of the lower layers can be run without a graph. */
    private static int frozenBelow(WeightNames names, Set<String> trained) {
        return trained.stream()
                .mapToInt(name -> name.equals(PrefixWeights.EMBEDDINGS) ? 0 : Math.max(0, names.layer(name)))
                .min()
                .orElse(names.layers());
    }

    private static Set<String> own(ModelWeights base, Set<String> trained) {
        Set<String> own = new HashSet<>(trained);
        own.retainAll(base.arrays().keySet());
        return own;
    }

    /**
     * What a run without a parent trains of a model, a head of another kind apart.
     *
     * @throws IllegalArgumentException if the model has nothing of the kind
     */
    static SortedMap<String, Tensor> fresh(ModelWeights base, TrainingConfig config) {
        return switch (config.method()) {
            case TuningMethod.Lora lora ->
                LoraWeights.fresh(lora.settings(), unfrozen(base, config), config.seed())
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

    private static List<Linear> unfrozen(ModelWeights base, TrainingConfig config) {
        return base.linears().stream()
                .filter(linear -> !frozen(base, config, linear.path()))
                .toList();
    }

    /**
     * Refuses a parent that trained what this run is to leave as it is.
     *
     * @throws IllegalArgumentException if one of the parent's adapters is in a frozen layer
     */
    static void requireUnfrozen(ModelWeights base, TrainingConfig config, Trained parent) {
        for (Linear linear : base.linears()) {
            if (frozen(base, config, linear.path()) && parent.tensors().containsKey(linear.path() + LoraWeights.A)) {
                throw new IllegalArgumentException(
                        "the parent has an adapter on %s, which is in a frozen layer: take that layer out of frozenLayers"
                                .formatted(linear.path()));
            }
        }
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
        unfrozen(base, config).forEach(Tuning::requireTrainable);
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

    /** A weight in few bits is none of the base's arrays: training would pass it over. */
    private static void requireTrainable(Linear linear) {
        BasePrecision held = linear.weight().precision();
        if (held != BasePrecision.FLOAT32) {
            throw new IllegalArgumentException(
                    "the weight of %s is held in %s, and weights are trained in 32 bits only: open the model in FLOAT32, train adapters, or freeze the layer"
                            .formatted(linear.path(), held));
        }
    }

    /** The arrays that are to replace the base's. */
    Map<String, PtNDArray> replacements(Map<String, PtNDArray> trained) {
        Map<String, PtNDArray> replacements = new HashMap<>(trained);
        replacements.keySet().retainAll(own);
        return replacements;
    }

    /**
     * Has the layers in which nothing is trained run once for each text, and keeps what they gave, if the recipe has room
     * for it. With noise they are run each time.
     *
     * @param texts of all examples
     * @param model the base in front of some texts
     * @param width of its layers
     */
    void freeze(TrainingConfig config, List<long[]> texts, FrozenLayers.Model model, int width) {
        long maxBytes = config.memory().frozenBytes();
        if (depth > 0 && maxBytes > 0 && config.regularization().noise().share() == 0) {
            frozen = new FrozenLayers(memory, texts, model, depth, width, maxBytes);
        }
    }

    /**
     * Adds the gradients of a loss over a batch to those of all that is trained.
     *
     * @param scope of what stays until the end of the pass
     * @param batch indices of its texts, which {@link #freeze} knows
     * @return the loss
     */
    double backward(PtNDManager scope, LayerChain chain, int[] batch, Loss loss, boolean checkpointing) {
        if (embeddings) {
            return Chains.backward(chain, loss, checkpointing);
        }
        PtNDArray x;
        if (frozen == null) {
            JniUtils.setGradMode(false);
            x = Chains.forward(chain, 0, depth, chain.start());
            JniUtils.setGradMode(true);
        } else {
            x = frozen.output(scope, batch);
        }
        return Chains.backward(chain, depth, x, loss, checkpointing);
    }

    /** The adapter of one part of a step; what it makes lives in {@code scope}. */
    Adapter adapter(PtNDManager scope, Map<String, PtNDArray> trained, Draw draw) {
        return adapter(scope, trained, draw, UnaryOperator.identity());
    }

    /**
     * The same with noise.
     *
     * @param noise makes other embeddings of those of the batch
     */
    Adapter adapter(PtNDManager scope, Map<String, PtNDArray> trained, Draw draw, UnaryOperator<PtNDArray> noise) {
        PtNDArray prefix = trained.get(PrefixWeights.EMBEDDINGS);
        return new Training(
                scope,
                trained,
                draw.dropout(dropout),
                noise,
                prefix == null ? null : new Prefix(base.attention(), prefix));
    }

    private final class Training implements Adapter {
        private final PtNDManager scope;
        private final Map<String, PtNDArray> trained;
        private final Dropout dropout;
        private final UnaryOperator<PtNDArray> noise;
        private final @Nullable Prefix prefix;

        Training(
                PtNDManager scope,
                Map<String, PtNDArray> trained,
                Dropout dropout,
                UnaryOperator<PtNDArray> noise,
                @Nullable Prefix prefix) {
            this.scope = scope;
            this.trained = trained;
            this.dropout = dropout;
            this.noise = noise;
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
            try (y; // which no gradient needs, and a layer has seven of
                    PtNDArray change = JniUtils.linear(narrow, b, null)) { // [B,T,out]
                PtNDArray sum = JniUtils.add(y, change);
                sum.attach(x.getManager());
                return sum;
            }
        }

        @Override
        public PtNDArray embedded(PtNDArray x) {
            return noise.apply(x);
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
