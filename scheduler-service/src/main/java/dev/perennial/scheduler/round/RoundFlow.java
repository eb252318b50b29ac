package dev.perennial.scheduler.round;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.event.Event;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.GenerationEvent.GenerationRequested;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.common.event.TrainingEvent.TrainingRequested;
import dev.perennial.common.messaging.Envelope;
import dev.perennial.common.messaging.Outbox;
import dev.perennial.scheduler.queue.Slots;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what follows from a round's new state. Works in the caller's transaction, which holds the model's pool. */
final class RoundFlow {
    private static final Logger log = LoggerFactory.getLogger(RoundFlow.class);

    private final RoundStore rounds;
    private final RoundOpening opening;
    private final ModelCatalog catalog;
    private final Slots slots;
    private final Outbox outbox;
    private final Consumer<RoundId> assembly;
    private final Clock clock;

    RoundFlow(
            RoundStore rounds,
            RoundOpening opening,
            ModelCatalog catalog,
            Slots slots,
            Outbox outbox,
            Consumer<RoundId> assembly,
            Clock clock) {
        this.rounds = rounds;
        this.opening = opening;
        this.catalog = catalog;
        this.slots = slots;
        this.outbox = outbox;
        this.assembly = assembly;
        this.clock = clock;
    }

    /** Opens the model's next round, if there is reason to. */
    Optional<Round> openNext(String model) {
        Optional<Round> opened = opening.next(model);
        opened.ifPresent(round -> {
            rounds.create(round, clock.instant());
            log(round);
            follow(round);
        });
        return opened;
    }

    /** Stores a round in its new state. */
    void enter(Round round) {
        rounds.save(round, clock.instant());
        log(round);
        follow(round);
    }

    private void follow(Round round) {
        switch (round) {
            case Round.Generating generating -> request(generating);
            case Round.Assembling assembling -> assembly.accept(RoundId.of(assembling));
            case Round.Queued _ -> fillSlots();
            case Round.Evaluating evaluating -> release(evaluating.runId());
            case Round.Finished ended -> openNext(ended.head().model());
            case Round.Failed ended -> openNext(ended.head().model());
            case Round.Collecting _, Round.Training _ -> {}
        }
    }

    private void request(Round.Generating round) {
        RoundHead head = round.head();
        append(
                round.generationId(),
                new GenerationRequested(
                        round.generationId(),
                        head.model(),
                        head.specVersion(),
                        round.samplesPerLabel(),
                        head.reason(),
                        head.seed()));
    }

    /** Gives a run's slot to the next in the queue. */
    void release(String runId) {
        slots.free(runId);
        fillSlots();
    }

    private void fillSlots() {
        List<String> free = slots.lockFree();
        Iterator<String> slot = free.iterator();
        for (Round.Queued next : rounds.queued(free.size())) {
            start(next, slot.next());
        }
    }

    private void start(Round.Queued queued, String slot) {
        Optional<VersionChanged> live = catalog.version(queued.head().model(), Stage.LIVE);
        TrainingRequested request = RunRequests.of(queued, slot, live);
        slots.take(slot, request.runId(), clock.instant());
        enter(queued.started());
        rounds.placed(queued.head(), slot, Optional.ofNullable(request.parentVersion()));
        append(request.runId(), request);
    }

    private void append(String cause, Event event) {
        String id = EventIds.of("scheduler." + event.getClass().getSimpleName(), cause);
        outbox.append(new Envelope<>(id, "scheduler", clock.instant(), event.model(), event));
    }

    private static void log(Round round) {
        String state = RoundStore.state(round);
        RoundHead head = round.head();
        if (round instanceof Round.Failed failed) {
            log.warn(
                    "round.moved model={} round={} state={} reason={}",
                    head.model(),
                    head.number(),
                    state,
                    failed.reason());
        } else {
            log.info(
                    "round.moved model={} round={} state={} cause={}",
                    head.model(),
                    head.number(),
                    state,
                    head.cause());
        }
    }
}
