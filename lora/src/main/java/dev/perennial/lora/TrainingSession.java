package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One training run: pull steps until {@link #done()}, then {@link #finish()}. Deterministic by its config's seed, with a
 * fixed number of engine threads. For one platform thread at a time.
 */
public final class TrainingSession implements AutoCloseable {
    private final TextEncoder encoder;
    private final TrainingConfig config;
    private final List<String> labels;
    private final Examples train;
    private final Examples validation;
    private final Checkpoint.Identity identity;
    private final int totalSteps;
    private final PtNDManager memory;
    private final TrainableModel model;
    private final Retained retained;
    private RunState state;
    private SortedMap<String, Tensor> best;
    private List<int[]> plan = List.of();
    private int plannedEpoch = -1;

    private TrainingSession(TextEncoder encoder, TrainingData data, TrainingConfig config, Start start) {
        Retained.Hold hold = encoder.hold();
        this.memory = Torch.memory();
        this.retained = new Retained("the training session", () -> {
            memory.close();
            hold.close();
        });
        try {
            this.encoder = encoder;
            this.labels = data.labels();
            this.train = Examples.of(encoder, data.train(), labels, config.maxTokens());
            this.validation = Examples.of(encoder, data.validation(), labels, config.maxTokens());
            this.totalSteps = config.epochs() * EpochPlan.batches(train.size(), config.batchSize());
            Checkpoint checkpoint = start.from(train);
            this.identity = checkpoint.identity();
            this.config = config.withLora(checkpoint.lora());
            this.model = TrainableModel.of(memory, encoder, this.config, checkpoint);
            this.state = checkpoint.state().orElseGet(() -> RunState.start(validate()));
            this.best = checkpoint.best();
        } catch (RuntimeException e) {
            retained.close();
            throw e;
        }
    }

    /** What a session's arrays are filled with, given the tokenised training texts. */
    private interface Start {
        Checkpoint from(Examples train);
    }

    /**
     * A fresh run.
     *
     * @param parentPeftDirectory an adapter to continue from, or null for new weights; its rank and targets replace the
     *     config's. The head starts anew over the parent's vectors; only labels without training texts keep their rows
     */
    public static TrainingSession start(
            TextEncoder encoder, TrainingData data, TrainingConfig config, @Nullable Path parentPeftDirectory) {
        return new TrainingSession(encoder, data, config, train -> {
            InitialWeights initial = new InitialWeights(encoder, train, data.labels(), config);
            ClassifierWeights weights = parentPeftDirectory == null
                    ? initial.fresh()
                    : initial.continued(PeftDirectory.read(parentPeftDirectory, encoder));
            return Checkpoint.fresh(Checkpoint.Identity.of(encoder, data, config), weights);
        });
    }

    /**
     * Goes on where {@link #checkpoint} was called, to the same final weights as an unbroken run.
     *
     * @throws ModelFormatException if the file is no checkpoint of this encoder, data and config
     */
    public static TrainingSession resume(
            TextEncoder encoder, TrainingData data, TrainingConfig config, Path checkpoint) {
        Checkpoint.Identity identity = Checkpoint.Identity.of(encoder, data, config);
        return new TrainingSession(encoder, data, config, _ -> Checkpoint.read(checkpoint, identity));
    }

    public boolean done() {
        return state.stopped() || state.step() >= totalSteps;
    }

    /**
     * One optimiser step; at the end of an epoch also the validation.
     *
     * @throws TrainingDivergedException if the loss or a gradient is no finite number any more
     */
    public TrainingStep step() {
        if (done()) {
            throw new IllegalStateException("the run is done");
        }
        try (Retained.Hold _ = retained.hold()) {
            long started = System.nanoTime();
            int batches = EpochPlan.batches(train.size(), config.batchSize());
            int epoch = state.step() / batches;
            Examples batch = train.select(plan(epoch).get(state.step() % batches));
            double rate = RateSchedule.of(config.decay(), config.warmupRatio(), totalSteps)
                    .factor(state.step() + 1);
            double loss = model.step(batch, state.step() + 1, rate, train.totalWeight() / train.size());
            boolean epochEnds = (state.step() + 1) % batches == 0;
            double seconds = (System.nanoTime() - started) * 1e-9;
            state = state.stepped(loss, batch.size(), batch.totalTokens(), seconds);
            OptionalDouble accuracy = epochEnds ? endEpoch(epoch + 1) : OptionalDouble.empty();
            return progress(epoch + 1, loss, rate, accuracy);
        }
    }

    private List<int[]> plan(int epoch) {
        if (epoch != plannedEpoch) {
            plan = EpochPlan.of(train.tokens(), config.batchSize(), config.seed(), epoch);
            plannedEpoch = epoch;
        }
        return plan;
    }

    private OptionalDouble endEpoch(int epoch) {
        state = state.epochEnded(train.size());
        if (validation.size() == 0) {
            state = state.better(epoch, Validation.NONE);
            return OptionalDouble.empty();
        }
        Validation result = validate();
        if (state.isBeatenBy(result)) {
            state = state.better(epoch, result);
            best = model.tensors();
        } else {
            state = state.notBetter(config.patience());
        }
        return OptionalDouble.of(result.accuracy());
    }

    private Validation validate() {
        return validation.size() == 0 ? Validation.NONE : Validation.of(model.logits(validation), validation.classes());
    }

    private TrainingStep progress(int epoch, double loss, double rate, OptionalDouble accuracy) {
        double perStep = state.seconds() / state.step();
        Duration eta = Duration.ofMillis(Math.round(1000 * perStep * (totalSteps - state.step())));
        double tokensPerSecond = state.tokens() / Math.max(state.seconds(), 1e-9);
        return new TrainingStep(
                state.step(), totalSteps, epoch, loss, rate * config.learningRate(), tokensPerSecond, eta, accuracy);
    }

    /** Writes all that {@link #resume} needs, atomically. */
    public void checkpoint(Path file) {
        try (Retained.Hold _ = retained.hold()) {
            model.checkpoint(identity, state, best).write(file);
        }
    }

    /**
     * The classifier with the best weights on validation so far, those of the start included; without a validation split,
     * with the current ones. On the validation split its confidences are calibrated too, by one temperature. The caller
     * closes it.
     */
    public TextClassifier finish() {
        try (Retained.Hold _ = retained.hold()) {
            SortedMap<String, Tensor> chosen = validation.size() == 0 ? model.tensors() : best;
            ClassifierWeights weights = new ClassifierWeights(config.lora(), labels, chosen);
            return TextClassifier.of(encoder, validation.size() == 0 ? weights : calibrated(weights));
        }
    }

    private ClassifierWeights calibrated(ClassifierWeights weights) {
        try (TextClassifier raw = TextClassifier.of(encoder, weights)) {
            return weights.withTemperature(Temperature.fit(raw.logits(validation.tokens()), validation.classes()));
        }
    }

    public TrainingSummary summary() {
        OptionalDouble accuracy =
                validation.size() == 0 ? OptionalDouble.empty() : OptionalDouble.of(state.bestAccuracy());
        int epochs = state.step() / EpochPlan.batches(train.size(), config.batchSize());
        return new TrainingSummary(
                epochs,
                state.bestEpoch(),
                accuracy,
                state.finalLoss(),
                state.tokens(),
                state.seconds(),
                state.stopped());
    }

    /** For the test that steps leak nothing. */
    int managedArrays() {
        return memory.getManagedArrays().size()
                + encoder.model().memory().getManagedArrays().size();
    }

    /** Frees weights and moments; classifiers it made stay. */
    @Override
    public void close() {
        retained.close();
    }
}
