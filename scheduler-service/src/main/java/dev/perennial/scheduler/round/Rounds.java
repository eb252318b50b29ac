package dev.perennial.scheduler.round;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.database.ServiceSchema;
import dev.perennial.common.event.DriftEvent.DriftDetected;
import dev.perennial.common.event.EvaluationEvent;
import dev.perennial.common.event.EvaluationEvent.EvaluationCompleted;
import dev.perennial.common.event.EvaluationEvent.EvaluationSetDeclared;
import dev.perennial.common.event.Event;
import dev.perennial.common.event.GenerationEvent.GenerationCompleted;
import dev.perennial.common.event.LabelErrors;
import dev.perennial.common.event.SampleEvent.SampleScored;
import dev.perennial.common.event.TrainingEvent;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.event.TrainingEvent.TrainingFailed;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Faults;
import dev.perennial.common.spec.ModelSpec;
import dev.perennial.scheduler.pool.SamplePool;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What events do to rounds: each batch in one transaction, each event any number of times with the effect of one.
 *
 * <p>Locks are always taken in one order (pool, arrivals, rounds, slots), so that events of several topics that meet here
 * wait for each other and never for good.
 */
final class Rounds {
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final ServiceSchema schema;
    private final SamplePool pool;
    private final ModelCatalog catalog;
    private final RoundStore rounds;
    private final TriggerStore triggers;
    private final RoundFlow flow;

    Rounds(
            ServiceSchema schema,
            SamplePool pool,
            ModelCatalog catalog,
            RoundStore rounds,
            TriggerStore triggers,
            RoundFlow flow) {
        this.schema = schema;
        this.pool = pool;
        this.catalog = catalog;
        this.rounds = rounds;
        this.triggers = triggers;
        this.flow = flow;
    }

    void onSamples(List<Envelope<SampleScored>> batch) {
        List<SampleScored> samples = batch.stream().map(Envelope::event).toList();
        schema.transactions().executeWithoutResult(status -> {
            pool.add(samples);
            Set<String> models = models(batch);
            models.forEach(pool::lock);
            collect(samples);
            models.forEach(flow::openNext);
        });
    }

    private void collect(List<SampleScored> samples) {
        Set<String> runs = new TreeSet<>();
        for (SampleScored sample : samples) {
            if (sample.generationId() != null) {
                runs.add(sample.generationId());
            }
        }
        if (!runs.isEmpty()) {
            rounds.collecting(List.copyOf(runs))
                    .forEach(round -> move(round, round.arrived(pool.arrivals(round.generationId()))));
        }
    }

    void onGenerations(List<Envelope<GenerationCompleted>> batch) {
        each(
                batch,
                done -> rounds.byGeneration(done.generationId()).ifPresent(_ -> {
                    SamplePool.Arrivals arrivals = pool.lockArrivals(done.generationId());
                    if (rounds.byGeneration(done.generationId()).orElseThrow() instanceof Round.Generating generating) {
                        flow.enter(generating.completed(done, arrivals));
                    }
                }));
    }

    void onTraining(List<Envelope<TrainingEvent>> batch) {
        each(batch, event -> {
            switch (event) {
                case TrainingCompleted done -> {
                    if (rounds.byRun(done.runId()).orElse(null) instanceof Round.Training training) {
                        flow.enter(training.completed());
                    }
                }
                case TrainingFailed failure -> fail(failure);
                case TrainingEvent.TrainingRequested _, TrainingEvent.TrainingProgressed _ -> {}
            }
        });
    }

    private void fail(TrainingFailed failure) {
        if (rounds.byRun(failure.runId()).orElse(null) instanceof Round.Training training) {
            flow.release(failure.runId());
            flow.enter(training.failed(failure.reason()));
        }
    }

    void onEvaluation(List<Envelope<EvaluationEvent>> batch) {
        each(batch, event -> {
            switch (event) {
                case EvaluationCompleted done -> evaluated(done);
                case EvaluationSetDeclared declared -> pool.holdOut(declared);
            }
        });
    }

    /** The verdict may overtake the news that training ended: they come by different topics. */
    private void evaluated(EvaluationCompleted done) {
        Optional<Round> round = rounds.byRun(done.runId());
        if (round.orElse(null) instanceof Round.Training training) {
            flow.enter(training.completed());
        }
        if (rounds.byRun(done.runId()).orElse(null) instanceof Round.Evaluating evaluating) {
            flow.enter(evaluating.evaluated(done));
        }
    }

    void onDrift(List<Envelope<DriftDetected>> batch) {
        each(
                batch,
                drift -> catalog.find(drift.model())
                        .map(ModelCatalog.KnownModel::spec)
                        .filter(spec -> spec.scheduling().onDrift())
                        .ifPresent(spec -> {
                            triggers.add(trigger(drift, spec));
                            flow.openNext(drift.model());
                        }));
    }

    private static Trigger trigger(DriftDetected drift, ModelSpec spec) {
        String worst = drift.labels().stream()
                .limit(3)
                .map(label -> label.label() + " " + label.errors() + "/" + label.total())
                .collect(Collectors.joining(", "));
        return new Trigger(
                drift.driftId(),
                drift.model(),
                Cause.DRIFT,
                "drift of version " + drift.version() + (worst.isEmpty() ? "" : ": " + worst),
                drift.version(),
                wanted(spec, drift.labels()),
                drift.at());
    }

    private static Map<String, Integer> wanted(ModelSpec spec, List<LabelErrors> bad) {
        return spec.generation().template().isEmpty()
                ? Map.of()
                : Targets.byErrors(bad, spec.task().labels(), spec.generation().perRound());
    }

    /** Keeps a command's wish; it is answered at once unless a round is open. */
    Optional<Round> command(Trigger command) {
        return Optional.ofNullable(schema.transactions().execute(status -> {
            pool.lock(command.model());
            triggers.add(command);
            return flow.openNext(command.model()).orElse(null);
        }));
    }

    /** Changes a round if it is still in the state that the change starts from. */
    <R extends Round> void change(RoundId id, Class<R> from, Function<R, Round> transition) {
        pool.lock(id.model());
        rounds.find(id.model(), id.number())
                .filter(from::isInstance)
                .map(from::cast)
                .ifPresent(round -> flow.enter(transition.apply(round)));
    }

    /** Moves on what no event will move: samples that never come, reasons that were there before their model was known. */
    void sweep(Instant stuckSince) {
        for (Round.Collecting stuck : rounds.stuckSince(stuckSince)) {
            alone(
                    stuck.head().model(),
                    () -> change(
                            RoundId.of(stuck),
                            Round.Collecting.class,
                            round -> round.settled(pool.lockArrivals(round.generationId()))));
        }
        Set<String> models = new TreeSet<>(pool.changedModels());
        models.addAll(triggers.modelsWithWaiting());
        for (String model : models) {
            alone(model, () -> {
                pool.lock(model);
                flow.openNext(model);
            });
        }
    }

    /** In a transaction of its own: what is wrong with one model is not to hold up the others. */
    private void alone(String model, Runnable work) {
        try {
            schema.transactions().executeWithoutResult(status -> work.run());
        } catch (RuntimeException e) {
            if (Faults.isInfrastructure(e)) {
                throw e;
            }
            log.error("round.sweep.defect model={}", model, e);
        }
    }

    private void move(Round before, Round after) {
        if (!after.equals(before)) {
            flow.enter(after);
        }
    }

    private <E extends Event> void each(List<Envelope<E>> batch, Consumer<E> handler) {
        schema.transactions().executeWithoutResult(status -> {
            models(batch).forEach(pool::lock);
            batch.forEach(envelope -> handler.accept(envelope.event()));
        });
    }

    private static Set<String> models(List<? extends Envelope<?>> batch) {
        return batch.stream().map(envelope -> envelope.event().model()).collect(Collectors.toCollection(TreeSet::new));
    }
}
