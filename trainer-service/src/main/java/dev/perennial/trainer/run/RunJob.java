package dev.perennial.trainer.run;

import dev.perennial.common.artifact.ArtifactCorruptException;
import dev.perennial.common.artifact.ArtifactMissingException;
import dev.perennial.common.artifact.ArtifactRef;
import dev.perennial.common.artifact.ArtifactStore;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.TrainingEvent;
import dev.perennial.common.event.TrainingEvent.TrainingCompleted;
import dev.perennial.common.event.TrainingEvent.TrainingFailed;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.job.Lease;
import dev.perennial.common.job.LeaseLostException;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Faults;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.trainer.TrainerSettings;
import dev.perennial.trainer.backend.TrainingBackend;
import dev.perennial.trainer.backend.TrainingOrder;
import dev.perennial.trainer.backend.TrainingResult;
import dev.perennial.trainer.backend.UntrainableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** The job that does a run. An attempt goes on from the last checkpoint of the one before. */
final class RunJob {
    static final String KIND = "training";
    private static final Logger log = LoggerFactory.getLogger(RunJob.class);

    /** A fault of the program that came back this often is no accident. */
    private static final int MAX_DEFECTS = 3;

    private final RunStore runs;
    private final TrainingBackend backend;
    private final ArtifactStore artifacts;
    private final Outbox outbox;
    private final TrainerSettings settings;
    private final Path checkpointRoot;
    private final Clock clock;

    RunJob(
            RunStore runs,
            TrainingBackend backend,
            ArtifactStore artifacts,
            Outbox outbox,
            TrainerSettings settings,
            Path checkpointRoot,
            Clock clock) {
        this.runs = runs;
        this.backend = backend;
        this.artifacts = artifacts;
        this.outbox = outbox;
        this.settings = settings;
        this.checkpointRoot = checkpointRoot;
        this.clock = clock;
    }

    void run(Lease lease) throws IOException {
        Run run = lease.inTransaction(() -> runs.started(lease.jobId(), lease.attempt(), clock.instant()));
        Checkpoints checkpoints = new Checkpoints(checkpointRoot, lease.jobId());
        log.info(
                "run.started run={} attempt={} checkpoint={}",
                lease.jobId(),
                lease.attempt(),
                run.checkpoint() != null);
        try {
            train(run, lease, checkpoints);
        } catch (UntrainableException | ArtifactMissingException | ArtifactCorruptException e) {
            fail(run.request(), lease, String.valueOf(e.getMessage()));
        } catch (LeaseLostException e) {
            throw e;
        } catch (RuntimeException e) {
            defect(run, lease, e);
        }
        checkpoints.deleteAll();
    }

    private void train(Run run, Lease lease, Checkpoints checkpoints) throws IOException {
        TrainingRequested request = run.request();
        Path adapter = Files.createTempDirectory("perennial-adapter-");
        try {
            TrainingOrder order = new TrainingOrder(
                    request.baseModel(),
                    request.labels(),
                    artifacts.open(request.dataset().artifact()),
                    request.parent() == null ? null : artifacts.open(request.parent()),
                    request.training(),
                    request.seed(),
                    checkpoints.find(run.checkpoint()));
            TrainingResult result = backend.train(
                    order, adapter, new RunWatch(request, lease, runs, outbox, checkpoints, settings, clock));
            complete(request, lease, artifacts.store(adapter), result);
        } finally {
            FileSystemUtils.deleteRecursively(adapter);
        }
    }

    private void complete(TrainingRequested request, Lease lease, ArtifactRef adapter, TrainingResult result) {
        end(
                lease,
                new TrainingCompleted(
                        request.runId(),
                        request.model(),
                        request,
                        adapter,
                        result.epochs(),
                        result.bestEpoch(),
                        result.validationAccuracy(),
                        result.finalLoss(),
                        result.tokens(),
                        result.duration()),
                () -> runs.completed(request.runId(), adapter, clock.instant()));
        log.info("run.completed run={} attempt={} adapter={}", request.runId(), lease.attempt(), adapter.sha256());
    }

    private void fail(TrainingRequested request, Lease lease, String reason) {
        end(
                lease,
                new TrainingFailed(request.runId(), request.model(), request.round(), reason),
                () -> runs.failed(request.runId(), reason, clock.instant()));
        log.warn("run.failed run={} attempt={} reason={}", request.runId(), lease.attempt(), reason);
    }

    /** Infrastructure comes back; a defect that stays must not hold its slot for ever. */
    private void defect(Run run, Lease lease, RuntimeException fault) {
        if (Faults.isInfrastructure(fault)) {
            throw fault;
        }
        if (run.defects() + 1 < MAX_DEFECTS) {
            lease.inTransaction(() -> {
                runs.defect(lease.jobId());
                return lease;
            });
            throw fault;
        }
        log.error("run.defect run={}", lease.jobId(), fault);
        fail(run.request(), lease, "failed " + MAX_DEFECTS + " times: " + Faults.describe(fault));
    }

    private void end(Lease lease, TrainingEvent event, Runnable change) {
        String id = EventIds.of("trainer." + event.getClass().getSimpleName(), event.runId());
        lease.finish(() -> {
            change.run();
            outbox.append(new Envelope<>(id, "trainer", clock.instant(), event.model(), event));
        });
    }
}
