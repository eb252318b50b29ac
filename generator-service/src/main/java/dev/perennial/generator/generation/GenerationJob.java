package dev.perennial.generator.generation;

import dev.perennial.common.job.JobHandler;
import dev.perennial.common.job.Lease;
import dev.perennial.generator.call.LlmCalls;
import dev.perennial.generator.provider.LlmException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a generation run: plans its calls, makes them, publishes what they bring, tops up labels that got too few, and
 * ends it. Every step is stored before the next, so that another attempt carries on where this one stopped.
 */
final class GenerationJob implements JobHandler {
    private static final Logger log = LoggerFactory.getLogger(GenerationJob.class);

    private final Preparation preparation;
    private final Planning planning;
    private final GenerationStore store;
    private final LlmCalls calls;
    private final Budget budget;
    private final Intake intake;
    private final Conclusion conclusion;
    private final Clock clock;
    private final RunSettings settings;

    GenerationJob(
            Preparation preparation,
            Planning planning,
            GenerationStore store,
            LlmCalls calls,
            Budget budget,
            Intake intake,
            Conclusion conclusion,
            Clock clock,
            RunSettings settings) {
        this.preparation = preparation;
        this.planning = planning;
        this.store = store;
        this.calls = calls;
        this.budget = budget;
        this.intake = intake;
        this.conclusion = conclusion;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public void run(Lease lease) throws IOException {
        try {
            attempt(lease);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the generator is stopping");
        }
    }

    /** Ends a run that fails again and again, with what it has published: its round waits for it. */
    void giveUp(Lease lease, String reason) {
        conclusion.end(lease, store.require(lease.jobId()), GenerationStatus.FAILED, "The run " + reason);
    }

    private void attempt(Lease lease) throws InterruptedException {
        Generation generation = store.require(lease.jobId());
        try {
            switch (preparation.prepare(generation)) {
                case Preparation.Outcome.Refused(String message) ->
                    conclusion.end(lease, generation, GenerationStatus.FAILED, message);
                case Preparation.Outcome.Waiting(String message) -> waitOrGiveUp(lease, generation, message);
                case Preparation.Outcome.Ready(Brief brief) -> work(lease, brief);
            }
        } catch (LlmException e) {
            String message = String.valueOf(e.getMessage());
            switch (e.kind()) {
                case UNAVAILABLE -> waitOrGiveUp(lease, store.require(lease.jobId()), message);
                case REFUSED, MISCONFIGURED -> conclusion.end(lease, generation, GenerationStatus.FAILED, message);
            }
        }
    }

    private void work(Lease lease, Brief brief) throws InterruptedException {
        store.begin(lease, brief, clock.instant());
        intake.publishWaiting(lease, brief);
        Caller caller = new Caller(calls, brief);
        List<PlannedCall> open = planning.open(lease, brief);
        Wave.End end = Wave.End.THROUGH;
        while (!open.isEmpty() && end == Wave.End.THROUGH) {
            List<CallResult> lost = new ArrayList<>();
            Wave wave = new Wave(
                    settings.concurrency(),
                    caller::make,
                    caller::estimatedTokens,
                    (underway, estimate) -> budget.allows(
                            brief.generation().model(), brief.spec().budget().tokensPerDay(), underway, estimate));
            end = wave.run(open, results -> lost.addAll(intake.take(lease, brief, results)));
            refuse(lost);
            open = planning.open(lease, brief);
        }
        conclude(lease, brief, end);
    }

    /** The calls that did not come through stay open for the next attempt. */
    private static void refuse(List<CallResult> lost) {
        for (CallResult result : lost) {
            switch (result) {
                case CallResult.Broken broken -> throw broken.fault();
                case CallResult.Hopeless hopeless ->
                    throw new LlmException(LlmException.Kind.MISCONFIGURED, hopeless.message(), null);
                case CallResult.Postponed postponed ->
                    throw new LlmException(LlmException.Kind.UNAVAILABLE, postponed.message(), null);
                case CallResult.Done done -> throw new IllegalStateException("call " + done.call() + " was not lost");
            }
        }
    }

    private void conclude(Lease lease, Brief brief, Wave.End end) {
        Generation generation = brief.generation();
        if (end == Wave.End.BUDGET_EXHAUSTED) {
            conclusion.end(
                    lease,
                    generation,
                    GenerationStatus.BUDGET_EXHAUSTED,
                    "The " + brief.spec().budget().tokensPerDay()
                            + " tokens of generation.budget.tokensPerDay are used up.");
        } else {
            conclusion.endThrough(lease, brief);
        }
    }

    private void waitOrGiveUp(Lease lease, Generation generation, String message) {
        Duration silent = Duration.between(generation.progressedAt(), clock.instant());
        if (silent.compareTo(settings.giveUpAfter()) > 0) {
            conclusion.end(
                    lease,
                    generation,
                    GenerationStatus.FAILED,
                    "No progress for " + silent.toMinutes() + " minutes: " + message);
        } else {
            log.warn("generation.waits generation={} model={}", generation.generationId(), generation.model());
            store.note(lease, generation.generationId(), message);
            // Passes by itself: the job is tried again and nobody is called.
            throw new UncheckedIOException(new IOException(message));
        }
    }
}
