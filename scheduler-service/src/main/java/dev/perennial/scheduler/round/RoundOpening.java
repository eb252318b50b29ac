package dev.perennial.scheduler.round;

import dev.perennial.common.catalog.ModelCatalog;
import dev.perennial.common.catalog.ModelCatalog.KnownModel;
import dev.perennial.common.event.EventIds;
import dev.perennial.common.event.ModelEvent.VersionChanged;
import dev.perennial.common.event.Stage;
import dev.perennial.scheduler.pool.SamplePool;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens a model's next round when there is reason to and none is open. Works in the caller's transaction. */
final class RoundOpening {
    private final ModelCatalog catalog;
    private final SamplePool pool;
    private final RoundStore rounds;
    private final TriggerStore triggers;

    RoundOpening(ModelCatalog catalog, SamplePool pool, RoundStore rounds, TriggerStore triggers) {
        this.catalog = catalog;
        this.pool = pool;
        this.rounds = rounds;
        this.triggers = triggers;
    }

    /** The round to open now, if any; the caller holds the model's pool and stores the round. */
    Optional<Round> next(String model) {
        if (rounds.open(model).isPresent()) {
            return Optional.empty();
        }
        return catalog.find(model).flatMap(known -> triggered(model, known).or(() -> enough(model, known)));
    }

    private Optional<Round> triggered(String model, KnownModel known) {
        for (Trigger trigger : triggers.waiting(model)) {
            switch (answer(trigger, known)) {
                case START -> {
                    Round round = open(
                            model,
                            known,
                            trigger.cause(),
                            trigger.reason(),
                            trigger.driftVersion(),
                            trigger.samplesPerLabel());
                    triggers.started(trigger.id(), round.head().number());
                    return Optional.of(round);
                }
                case OBSOLETE -> triggers.obsolete(trigger.id());
                case WAIT -> {}
            }
        }
        return Optional.empty();
    }

    private DriftAnswer answer(Trigger trigger, KnownModel known) {
        Integer version = trigger.driftVersion();
        return version == null
                ? DriftAnswer.START
                : DriftAnswer.of(
                        trigger,
                        catalog.version(trigger.model(), Stage.LIVE).map(VersionChanged::version),
                        catalog.version(trigger.model(), Stage.CANARY)
                                .map(canary ->
                                        canary.at().plus(known.spec().rollout().window())),
                        rounds.driftAnswered(trigger.model(), version));
    }

    private Optional<Round> enough(String model, KnownModel known) {
        int every = known.spec().scheduling().every().samples();
        long fresh = pool.counts(model).map(SamplePool.Counts::sinceSnapshot).orElse(0L);
        return fresh < every
                ? Optional.empty()
                : Optional.of(open(model, known, Cause.EVERY, fresh + " newly accepted samples", null, Map.of()));
    }

    private Round open(
            String model,
            KnownModel known,
            Cause cause,
            String reason,
            @Nullable Integer driftVersion,
            Map<String, Integer> samplesPerLabel) {
        int number = rounds.nextNumber(model);
        RoundHead head = new RoundHead(
                model, number, cause, reason, driftVersion, known.specVersion(), known.spec(), seed(model, number));
        return Round.open(head, samplesPerLabel);
    }

    /** Below 2^53, so that every reader of JSON keeps all its digits. */
    private static long seed(String model, int number) {
        return Long.parseUnsignedLong(
                EventIds.of("scheduler.seed", model, number).substring(0, 13), 16);
    }
}
