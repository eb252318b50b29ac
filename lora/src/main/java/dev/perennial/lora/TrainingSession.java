package dev.perennial.lora;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.lifetime.Retained;
import dev.perennial.lora.recipe.Adaptation;
import dev.perennial.lora.recipe.TrainingConfig;
import dev.perennial.lora.safetensors.Tensor;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One training run: pull steps until {@link #done()}, then {@link #finish()}. Deterministic by its config's seed, with a
 * fixed number of engine threads. For one platform thread at a time.
 *
 * @param <T> what the run makes
 */
public final class TrainingSession<T> implements AutoCloseable {
    private final TrainingConfig config;
    private final PtNDManager memory;
    private final Retained retained;
    private final Trainee<T> trainee;
    private final Checkpoint start;
    private final Consolidation.@Nullable Penalty penalty;
    private final Parameters parameters;
    private final Epochs epochs;
    private final RateSchedule schedule;
    private RunState state;
    private SortedMap<String, Tensor> best;
    private Optional<Checkpoint.Good> good;

    /** Whether a step failed after it had begun to change what the run holds. */
    private boolean torn;

    /**
     * Keeps the model until it is closed.
     *
     * @param trainee makes it in the session's memory
     * @param begin what the run begins with
     */
    TrainingSession(
            TrainingConfig config,
            Retained.Hold model,
            Function<PtNDManager, Trainee<T>> trainee,
            Function<Trainee<T>, Checkpoint> begin) {
        this.config = config;
        this.memory = Torch.memory();
        this.retained = new Retained("the training session", () -> {
            memory.close();
            model.close();
        });
        try {
            this.trainee = trainee.apply(memory);
            this.start = begin.apply(this.trainee);
            this.penalty = start.earlier()
                    .map(value -> value.over(memory, config.retention().ewc()))
                    .orElse(null);
            this.parameters = new Parameters(memory, start.weights());
            this.epochs = new Epochs(this.trainee, config);
            this.schedule = RateSchedule.of(
                    config.schedule().decay(),
                    config.schedule().warmupRatio(),
                    config.schedule().epochs() * epochs.steps(1));
            this.state = start.state();
            this.best = start.best();
            this.good = start.good();
        } catch (RuntimeException e) {
            retained.close();
            throw e;
        }
    }

    /**
     * A fresh run of a classifier.
     *
     * @throws IllegalArgumentException if config, data and model do not fit together
     */
    public static TrainingSession<TextClassifier> start(TextEncoder encoder, TrainingData data, TrainingConfig config) {
        return start(encoder, data, config, null);
    }

    /**
     * The same from a parent on.
     *
     * @param parent an adapter directory to continue from, or null for new weights; its rank, alpha and targets replace the
     *     config's. The head starts anew over the parent's vectors; only labels without training texts keep their rows
     * @throws IllegalArgumentException if config, data and model do not fit together
     */
    public static TrainingSession<TextClassifier> start(
            TextEncoder encoder, TrainingData data, TrainingConfig config, @Nullable Path parent) {
        TrainingData used = data.usedBy(config.retention());
        Checkpoint.Identity identity = Checkpoint.Identity.of(encoder, used, config);
        return new TrainingSession<>(
                config,
                encoder.hold(),
                memory -> ClassifierTrainee.fresh(memory, encoder, used, config, parent),
                trainee -> Checkpoint.fresh(identity, trainee, config));
    }

    /**
     * A fresh run of a language model.
     *
     * @throws IllegalArgumentException if config, data and model do not fit together
     */
    public static TrainingSession<LanguageTuning> start(LanguageModel model, CausalData data, TrainingConfig config) {
        return start(model, data, config, null);
    }

    /**
     * The same from a parent on.
     *
     * @param parent a LoRA or prefix directory to continue from, or null for new weights; its rank, alpha and targets
     *     replace the config's
     * @throws IllegalArgumentException if config, data and model do not fit together
     */
    public static TrainingSession<LanguageTuning> start(
            LanguageModel model, CausalData data, TrainingConfig config, @Nullable Path parent) {
        CausalData used = data.usedBy(config.retention());
        Checkpoint.Identity identity = Checkpoint.Identity.of(model, used, config);
        return new TrainingSession<>(
                config,
                model.hold(),
                memory -> CausalTrainee.fresh(memory, model, used, config, parent),
                trainee -> Checkpoint.fresh(identity, trainee, config));
    }

    /**
     * Goes on where {@link #checkpoint} was called, to the same final weights as an unbroken run.
     *
     * @throws ModelFormatException if the file is no checkpoint of this encoder (weights, configuration, pooling,
     *     tokenizer), data and config
     */
    public static TrainingSession<TextClassifier> resume(
            TextEncoder encoder, TrainingData data, TrainingConfig config, Path checkpoint) {
        TrainingData used = data.usedBy(config.retention());
        Checkpoint saved = Checkpoint.read(checkpoint, Checkpoint.Identity.of(encoder, used, config));
        Trained start = Trained.resumed(config.method(), saved);
        return new TrainingSession<>(
                config,
                encoder.hold(),
                memory -> ClassifierTrainee.of(memory, encoder, used, config, start),
                _ -> saved);
    }

    /**
     * Goes on where {@link #checkpoint} was called, to the same final weights as an unbroken run.
     *
     * @throws ModelFormatException if the file is no checkpoint of this model (weights, configuration, the precision it is
     *     open in), data and config
     */
    public static TrainingSession<LanguageTuning> resume(
            LanguageModel model, CausalData data, TrainingConfig config, Path checkpoint) {
        CausalData used = data.usedBy(config.retention());
        Checkpoint saved = Checkpoint.read(checkpoint, Checkpoint.Identity.of(model, used, config));
        Trained start = Trained.resumed(config.method(), saved);
        return new TrainingSession<>(
                config, model.hold(), memory -> CausalTrainee.of(memory, model, used, config, start), _ -> saved);
    }

    public boolean done() {
        return state.stopped() || state.progress().epoch() >= config.schedule().epochs();
    }

    /**
     * One optimiser step; at the end of an epoch also the validation. A step that fails before it has moved a weight, by
     * want of memory for example, has changed nothing and can be taken again; after a later failure {@link #finish} still
     * gives the best weights, but further steps and checkpoints are refused.
     *
     * @throws TrainingDivergedException if the run {@linkplain Adaptation diverges} and its recipe has no step back left
     * @throws IllegalStateException if the run is done, or an earlier step failed half-way
     */
    public TrainingStep step() {
        if (done()) {
            throw new IllegalStateException("the run is done");
        }
        requireWhole();
        try (Retained.Hold _ = retained.hold()) {
            long started = System.nanoTime();
            RunState.Progress at = state.progress();
            RunState.Pace pace = state.pace();
            List<int[]> batches = epochs.batches(at.epoch(), pace.batches());
            int[] batch = batches.get(at.batch());
            Optional<Checkpoint.Good> epochStart = at.batch() == 0 ? good() : Optional.empty();
            double position = at.position() + epochs.steps(1) / (double) batches.size();
            double rate = schedule.factor(position) * pace.rates();
            double loss = optimise(batch, at.step() + 1, pace.batches(), rate);
            long tokens = IntStream.of(batch).mapToLong(trainee::tokens).sum();
            double seconds = (System.nanoTime() - started) * 1e-9;
            state = state.stepped(position, loss, batch.length, tokens, seconds);
            if (epochStart.isPresent() && state.losses().sound(loss)) {
                good = epochStart;
            }
            Optional<Validation> validation = Optional.empty();
            String notice = "";
            if (state.diverged(loss, config.adaptation())) {
                notice = stepBack();
            } else if (at.batch() + 1 == batches.size()) {
                validation = validate();
                notice = endEpoch(validation);
            }
            torn = false;
            return progress(at.epoch(), loss, rate, validation, notice);
        }
    }

    private void requireWhole() {
        if (torn) {
            throw new IllegalStateException(
                    "a step of this run failed half-way: resume from an earlier checkpoint or start a new run");
        }
    }

    /** Where a step back may lead if the next loss, that of these weights, is sound. */
    private Optional<Checkpoint.Good> good() {
        return config.adaptation().stepBacks() > 0
                ? Optional.of(new Checkpoint.Good(state, parameters.weights()))
                : Optional.empty();
    }

    /** Moves the weights and returns the loss before; NaN if nothing could move. */
    private double optimise(int[] batch, int step, int growth, double rate) {
        Torch.training();
        try (PtNDManager scope = Torch.within(memory)) {
            double loss = accumulate(batch, step, growth);
            torn = true;
            Rates rates = new Rates(config.rates(), config.regularization().weightDecay(), rate);
            double norm = AdamW.step(
                    scope,
                    List.copyOf(parameters.all()),
                    step,
                    config.regularization().clipNorm(),
                    rates);
            return Double.isFinite(norm) ? loss : Double.NaN;
        } finally {
            Torch.inference();
        }
    }

    /** Gives the parameters the gradients of a batch, or leaves them without any. */
    private double accumulate(int[] batch, int step, int growth) {
        try {
            double mass = trainee.mass(batch);
            double loss = penalty == null ? 0 : penalty.accumulate(memory, parameters);
            List<int[]> parts = EpochPlan.parts(batch, config.schedule().microBatches() * growth);
            for (int i = 0; i < parts.size(); i++) {
                Draw draw = new Draw(config.seed(), step, i, false);
                loss += trainee.accumulate(parameters.arrays(), parts.get(i), mass, draw);
            }
            return loss;
        } catch (RuntimeException | Error e) {
            torn = true; // unless this succeeds:
            parameters.all().forEach(parameter -> JniUtils.zeroGrad(parameter.value()));
            torn = false;
            throw e;
        }
    }

    private Optional<Validation> validate() {
        return trainee.hasValidation() ? Optional.of(trainee.validate(parameters.arrays())) : Optional.empty();
    }

    /** Keeps the weights if they are the best; says what changed. */
    private String endEpoch(Optional<Validation> validation) {
        RunState.Pace before = state.pace();
        state = state.epochEnded(epochs.steps(1), validation, config, trainee.size());
        RunState.Pace pace = state.pace();
        int stale = state.best().stale();
        if (validation.isPresent() && stale == 0) {
            best = parameters.tensors();
        }
        return pace.equals(before)
                ? ""
                : "no better validation result for %d epochs: the rates are now %s of the recipe's, a batch has %d examples"
                        .formatted(stale, (float) pace.rates(), epochs.batchSize(pace.batches()));
    }

    private String stepBack() {
        Checkpoint.Good point = good.flatMap(
                        found -> state.pace().steppedBack(config.adaptation()).map(found::at))
                .orElseThrow(
                        () -> new TrainingDivergedException(state.progress().step()));
        parameters.restore(point.weights());
        good = Optional.of(point);
        state = point.state().withBest(state.best());
        return "the loss diverged: back to the end of epoch %d, the rates are now %s of the recipe's"
                .formatted(state.progress().epoch(), (float) state.pace().rates());
    }

    private TrainingStep progress(int epoch, double loss, double rate, Optional<Validation> validation, String notice) {
        RunState.Progress at = state.progress();
        int perEpoch = epochs.steps(state.pace().batches());
        int total = at.step() + (config.schedule().epochs() - at.epoch()) * perEpoch - at.batch();
        Duration eta =
                Duration.ofMillis(Math.round(1000 * at.seconds() / Math.max(1, at.step()) * (total - at.step())));
        return new TrainingStep(
                at.step(),
                total,
                epoch + 1,
                loss,
                rate * Rates.rate(config.rates(), ParameterGroup.of(config.method())),
                at.tokens() / Math.max(at.seconds(), 1e-9),
                eta,
                Validation.accuracy(validation),
                Validation.loss(validation),
                notice);
    }

    /** Writes all that {@link #resume} needs, atomically. */
    public void checkpoint(Path file) {
        requireWhole();
        try (Retained.Hold _ = retained.hold()) {
            new Checkpoint(start.identity(), start.lora(), state, parameters.weights(), best, good, start.earlier())
                    .write(file);
        }
    }

    /**
     * What the best weights on validation so far make, those of the start included; without a validation split, what the
     * current ones make. The caller closes it.
     */
    public T finish() {
        try (Retained.Hold _ = retained.hold()) {
            return trainee.finish(trainee.hasValidation() ? best : parameters.tensors());
        }
    }

    public TrainingSummary summary() {
        return state.summary(trainee.hasValidation());
    }

    /** For the test that steps leak nothing. */
    int managedArrays() {
        return memory.getManagedArrays().size() + trainee.managedArrays();
    }

    /** Frees weights and moments; what the run made stays. */
    @Override
    public void close() {
        retained.close();
    }
}
