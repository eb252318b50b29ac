package dev.perennial.trainer.run;

import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.TrainingEvent.TrainingProgressed;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.job.Lease;
import dev.perennial.common.job.LeaseLostException;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.trainer.TrainerSettings;
import dev.perennial.trainer.backend.StepProgress;
import dev.perennial.trainer.backend.TrainingWatch;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Tells of an attempt's progress and keeps its checkpoints. Stops it as soon as its lease is gone, and when this process
 * is stopping: then another one goes on after the last step.
 */
final class RunWatch implements TrainingWatch {
    private final TrainingRequested request;
    private final Lease lease;
    private final RunStore runs;
    private final Outbox outbox;
    private final Checkpoints checkpoints;
    private final TrainerSettings settings;
    private final Clock clock;
    private Instant told;
    private Instant kept;

    RunWatch(
            TrainingRequested request,
            Lease lease,
            RunStore runs,
            Outbox outbox,
            Checkpoints checkpoints,
            TrainerSettings settings,
            Clock clock) {
        this.request = request;
        this.lease = lease;
        this.runs = runs;
        this.outbox = outbox;
        this.checkpoints = checkpoints;
        this.settings = settings;
        this.clock = clock;
        this.told = Instant.EPOCH;
        this.kept = clock.instant();
    }

    @Override
    public void stepped(StepProgress progress, Consumer<Path> checkpoint) {
        Instant now = clock.instant();
        if (isMilestone(progress) || !now.isBefore(told.plus(settings.progressEvery()))) {
            told = now;
            tell(progress, now);
        } else {
            lease.check();
        }
        boolean stopping = Thread.interrupted();
        if (stopping || !now.isBefore(kept.plus(settings.checkpointEvery()))) {
            keep(progress.step(), checkpoint);
            kept = clock.instant();
        }
        if (stopping) {
            throw new UncheckedIOException(new InterruptedIOException("this trainer is stopping"));
        }
    }

    private static boolean isMilestone(StepProgress progress) {
        return progress.validationAccuracy() != null || progress.step() == progress.totalSteps();
    }

    private void tell(StepProgress progress, Instant now) {
        TrainingProgressed event = new TrainingProgressed(
                request.runId(),
                request.model(),
                lease.attempt(),
                progress.step(),
                progress.totalSteps(),
                progress.epoch(),
                progress.loss(),
                progress.tokensPerSecond(),
                progress.eta(),
                progress.validationAccuracy());
        String id = EventIds.of("trainer.progressed", request.runId(), lease.attempt(), progress.step());
        lease.inTransaction(() -> {
            runs.progressed(request.runId(), progress, now);
            outbox.append(new Envelope<>(id, "trainer", now, request.model(), event));
            return event;
        });
    }

    /** The file is complete before its name is registered, and registered before older ones go. */
    private void keep(int step, Consumer<Path> checkpoint) {
        Path file = checkpoints.next(lease.attempt(), step);
        checkpoint.accept(file);
        try {
            lease.inTransaction(() -> {
                runs.checkpointed(request.runId(), file.getFileName().toString(), step);
                return file;
            });
        } catch (LeaseLostException e) {
            checkpoints.delete(file);
            throw e;
        }
        checkpoints.keepOnly(file);
    }
}
