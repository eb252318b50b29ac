package dev.perennial.lora;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.bert.TokenBatch;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.model.LayerChain;
import dev.perennial.lora.model.Loss;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A classifier over a sentence encoder while it is trained. */
final class ClassifierTrainee implements Trainee<TextClassifier> {
    private final PtNDManager memory;
    private final TextEncoder encoder;
    private final TrainingData data;
    private final TrainingConfig config;
    private final Examples examples;
    private final Examples validation;
    private final double meanWeight;
    private final Trained start;
    private final BertWeights base;
    private final Tuning tuning;

    private ClassifierTrainee(
            PtNDManager memory,
            TextEncoder encoder,
            TrainingData data,
            TrainingConfig config,
            Function<Examples, Trained> start) {
        this.memory = memory;
        this.encoder = encoder;
        this.data = data;
        this.config = config;
        this.base = encoder.model().weights().in(config.method().basePrecision(), memory);
        int room = base.textTokens(config.method().prefixTokens());
        this.examples = Examples.of(encoder, data.all(), data.labels(), Math.min(config.maxTokens(), room));
        this.validation = Examples.of(encoder, data.validation(), data.labels(), room); // as in use
        this.meanWeight = examples.meanWeight();
        this.start = start.apply(examples);
        this.tuning = new Tuning(
                memory, base, this.start.method(), this.start.tensors().keySet());
        tuning.freeze(
                config,
                examples.tokens(),
                (scope, texts) -> BertEncoder.chain(base, Adapter.NONE, encoder.batch(scope, texts)),
                encoder.width());
    }

    static ClassifierTrainee fresh(
            PtNDManager memory, TextEncoder encoder, TrainingData data, TrainingConfig config, @Nullable Path parent) {
        return new ClassifierTrainee(memory, encoder, data, config, examples -> {
            InitialWeights initial = new InitialWeights(encoder, examples, data.labels(), config);
            return parent == null ? initial.fresh() : initial.continued(ClassifierDirectory.read(parent, encoder));
        });
    }

    /** Begins with given weights. */
    static ClassifierTrainee of(
            PtNDManager memory, TextEncoder encoder, TrainingData data, TrainingConfig config, Trained start) {
        return new ClassifierTrainee(memory, encoder, data, config, _ -> start);
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
        return examples.tokens().get(example).length;
    }

    /** As if every example had the mean weight: heavy ones then weigh more in whichever batch they are. */
    @Override
    public double mass(int[] batch) {
        return batch.length * meanWeight;
    }

    @Override
    public double accumulate(Map<String, PtNDArray> trained, int[] batch, double mass, Draw draw) {
        try (PtNDManager scope = Torch.within(memory)) {
            Examples chosen = examples.select(batch);
            BertWeights weights = base.with(tuning.replacements(trained));
            Noised noised = new Noised(config.regularization().noise(), draw, chosen.tokens());
            TokenBatch tokens = encoder.batch(scope, noised.tokens(base.config().vocabulary(), chosen::isInner));
            Adapter adapter = tuning.adapter(scope, trained, draw, noised::embedded);
            LayerChain chain = BertEncoder.chain(weights, adapter, tokens);
            Loss loss = (_, last) -> loss(trained, BertEncoder.pooled(tokens, last), chosen, mass);
            return tuning.backward(scope, chain, batch, loss, config.memory().checkpointing());
        }
    }

    /** {@code - sum_i w_i / mass sum_l t_il log softmax(logits_i)_l}, t the smoothed target. */
    private PtNDArray loss(Map<String, PtNDArray> trained, PtNDArray x, Examples batch, double mass) {
        PtNDArray logProbabilities = JniUtils.logSoftmax(head(trained, x), 1, DataType.FLOAT32); // [B,L]
        PtNDArray targets = targets(x.getManager(), batch, mass); // [B,L]
        return JniUtils.neg(JniUtils.sum(JniUtils.mul(logProbabilities, targets))); // []
    }

    private static PtNDArray head(Map<String, PtNDArray> trained, PtNDArray x) {
        return JniUtils.linear(
                x,
                Objects.requireNonNull(trained.get(ClassifierWeights.HEAD_WEIGHT)),
                Objects.requireNonNull(trained.get(ClassifierWeights.HEAD_BIAS))); // [B,L]
    }

    private PtNDArray targets(PtNDManager scope, Examples batch, double mass) {
        int labels = data.labels().size();
        double smoothing = config.regularization().labelSmoothing();
        float[] targets = new float[batch.size() * labels];
        for (int i = 0; i < batch.size(); i++) {
            double share = batch.weights()[i] / mass;
            for (int label = 0; label < labels; label++) {
                double target = smoothing / labels + (label == batch.classes()[i] ? 1 - smoothing : 0);
                targets[i * labels + label] = (float) (share * target);
            }
        }
        return Torch.floats(scope, targets, batch.size(), labels);
    }

    @Override
    public boolean hasValidation() {
        return validation.size() > 0;
    }

    @Override
    public Validation validate(Map<String, PtNDArray> trained) {
        return Validation.of(logits(trained, validation), validation.classes());
    }

    /** [B][L] */
    private float[][] logits(Map<String, PtNDArray> trained, Examples texts) {
        try (PtNDManager scope = Torch.within(memory)) {
            Adapter adapter = tuning.adapter(scope, trained, Draw.none());
            return encoder.run(base.with(tuning.replacements(trained)), texts.tokens(), adapter, x -> head(trained, x));
        }
    }

    @Override
    public TextClassifier finish(SortedMap<String, Tensor> trained) {
        ClassifierWeights weights = new ClassifierWeights(data.labels(), new Trained(start.method(), trained));
        return TextClassifier.of(encoder, hasValidation() ? calibrated(weights) : weights);
    }

    private ClassifierWeights calibrated(ClassifierWeights weights) {
        try (TextClassifier raw = TextClassifier.of(encoder, weights)) {
            return weights.withTemperature(Temperature.fit(raw.logits(validation.tokens()), validation.classes()));
        }
    }

    @Override
    public int managedArrays() {
        return encoder.model().memory().getManagedArrays().size();
    }
}
