package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.adapter.TuningMethod;
import dev.perennial.lora.decoder.CausalExample;
import dev.perennial.lora.decoder.CausalLoss;
import dev.perennial.lora.decoder.Decoder;
import dev.perennial.lora.decoder.DecoderBatch;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.decoder.DecoderWeights;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A language model while it is trained. */
final class CausalTrainee implements Trainee<LanguageTuning> {
    private final PtNDManager memory;
    private final DecoderModel model;
    private final Path directory;
    private final CausalData data;
    private final TrainingConfig config;
    private final List<CausalExample> examples;
    private final List<CausalExample> validation;
    private final double meanWeight;
    private final Trained start;
    private final DecoderWeights base;
    private final Tuning tuning;

    /** @param directory the model's */
    CausalTrainee(
            PtNDManager memory,
            DecoderModel model,
            Path directory,
            CausalData data,
            TrainingConfig config,
            Trained start) {
        this.memory = memory;
        this.model = model;
        this.directory = directory;
        this.config = config;
        int room = model.weights().textTokens(config.method().prefixTokens());
        this.data = data.cut(Math.min(config.maxTokens(), room));
        this.examples = this.data.all();
        this.validation = this.data.validation().stream()
                .map(example -> example.withWeight(1))
                .toList();
        this.meanWeight =
                examples.stream().mapToDouble(CausalExample::weight).average().orElseThrow();
        this.start = start;
        this.base = model.weights().in(config.method().basePrecision(), memory);
        this.tuning = new Tuning(memory, base, start.method(), start.tensors().keySet());
        tuning.freeze(
                config,
                tokens(examples),
                (scope, texts) -> chain(scope, base, Adapter.NONE, texts),
                base.config().width());
    }

    static CausalTrainee fresh(
            PtNDManager memory, LanguageModel model, CausalData data, TrainingConfig config, @Nullable Path parent) {
        Trained fresh = new Trained(config.method(), fresh(model.model().weights(), config));
        return of(memory, model, data, config, parent == null ? fresh : continued(fresh, model, config, parent));
    }

    /** Begins with given weights. */
    static CausalTrainee of(
            PtNDManager memory, LanguageModel model, CausalData data, TrainingConfig config, Trained start) {
        return new CausalTrainee(memory, model.model(), model.directory(), data, config, start);
    }

    private static Trained continued(Trained fresh, LanguageModel model, TrainingConfig config, Path parent) {
        Trained weights = model.adapterWeights(parent);
        Tuning.requireUnfrozen(model.model().weights(), config, weights);
        return fresh.continued(weights);
    }

    private static SortedMap<String, Tensor> fresh(DecoderWeights weights, TrainingConfig config) {
        if (!(config.method() instanceof TuningMethod.HeadOnly)) {
            SortedMap<String, Tensor> fresh = Tuning.fresh(weights, config);
            if (fresh.isEmpty()) {
                throw new IllegalArgumentException(
                        "there is nothing to train: free a layer, or train the embeddings or norms");
            }
            return fresh;
        }
        PtNDArray head = weights.arrays().get(ParameterGroup.LANGUAGE_HEAD);
        if (head == null) {
            throw new IllegalArgumentException(
                    "the model's head is its word embeddings: train these (TuningMethod.Full with every layer frozen), or use adapters");
        }
        return new TreeMap<>(Map.of(ParameterGroup.LANGUAGE_HEAD, Torch.tensor(head)));
    }

    @Override
    public Trained start() {
        return start;
    }

    @Override
    public int size() {
        return data.train().size();
    }

    @Override
    public int earlierSize() {
        return data.earlier().size();
    }

    @Override
    public int tokens(int example) {
        return examples.get(example).tokens().length;
    }

    /** The batch's tokens that count, as if their texts had the mean weight. */
    @Override
    public double mass(int[] batch) {
        return CausalLoss.tokens(select(batch)) * meanWeight;
    }

    private List<CausalExample> select(int[] batch) {
        return IntStream.of(batch).mapToObj(examples::get).toList();
    }

    @Override
    public double accumulate(Map<String, PtNDArray> trained, int[] batch, double mass, Draw draw) {
        try (PtNDManager scope = Torch.within(memory)) {
            List<CausalExample> chosen = select(batch);
            DecoderWeights weights = base.with(tuning.replacements(trained));
            Noised noised = new Noised(config.regularization().noise(), draw, tokens(chosen));
            List<long[]> texts = noised.tokens(
                    weights.config().vocabulary(), (text, token) -> isReplaceable(chosen.get(text), token));
            Adapter adapter = tuning.adapter(scope, trained, draw, noised::embedded);
            LayerChain chain = chain(scope, weights, adapter, texts);
            CausalLoss loss = new CausalLoss(
                    weights,
                    chosen,
                    mass,
                    draw.quiet() ? 0 : config.regularization().labelSmoothing());
            return tuning.backward(scope, chain, batch, loss, config.memory().checkpointing());
        }
    }

    /** Neither the first nor the last token, nor one that is to be learnt. */
    static boolean isReplaceable(CausalExample example, int token) {
        return token > 0 && token < example.tokens().length - 1 && !example.counted()[token];
    }

    private static LayerChain chain(PtNDManager scope, DecoderWeights weights, Adapter adapter, List<long[]> texts) {
        return Decoder.chain(weights, adapter, DecoderBatch.of(scope, weights.config(), texts));
    }

    private static List<long[]> tokens(List<CausalExample> examples) {
        return examples.stream().map(CausalExample::tokens).toList();
    }

    @Override
    public boolean hasValidation() {
        return !validation.isEmpty();
    }

    /** The mean over all tokens that count, of whatever weight. */
    @Override
    public Validation validate(Map<String, PtNDArray> trained) {
        Torch.inference();
        DecoderWeights weights = base.with(tuning.replacements(trained));
        double sum = 0;
        for (List<Integer> indices : LengthBatches.of(tokens(validation))) {
            List<CausalExample> batch = indices.stream().map(validation::get).toList();
            try (PtNDManager scope = Torch.within(memory)) {
                Adapter adapter = tuning.adapter(scope, trained, Draw.none());
                sum += CausalLoss.tokens(batch)
                        * CausalLoss.of(scope, weights, adapter, batch).getFloat();
            }
        }
        return new Validation(Double.NaN, sum / CausalLoss.tokens(validation));
    }

    @Override
    public LanguageTuning finish(SortedMap<String, Tensor> trained) {
        return new LanguageTuning(model, directory, new Trained(start.method(), trained));
    }

    @Override
    public int managedArrays() {
        return model.memory().getManagedArrays().size();
    }
}
